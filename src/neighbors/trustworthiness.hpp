#pragma once

#include <cstdint>

#include "base/matrix.hpp"

namespace latentgrid {

// How far the k nearest neighbors in an embedding are neighbors in the original space too: 1 - 2/(nk(2n - 3k - 1)) ·
// Σ_i Σ_j max(0, r(i,j) - k) over the k neighbors j of i in the embedding, with r(i,j) the rank of j among i's
// neighbors in the original space (Venna and Kaski 2001; sklearn.manifold.trustworthiness). From 0 to 1. Ties by index.
// O(n²·d). Throws Error unless both have n rows and 1 <= k < n/2.
double trustworthiness(ConstMatrixRef original, ConstMatrixRef embedding, std::int64_t k, int threads);

}  // namespace latentgrid
