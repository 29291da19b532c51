#pragma once

#include <cstdint>
#include <vector>

#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

// A square sparse matrix in compressed rows; columns ascend within a row.
struct SparseRows {
  std::vector<std::int64_t> starts;  // n + 1
  std::vector<std::int32_t> columns;
  std::vector<float> values;

  std::int64_t rows() const { return static_cast<std::int64_t>(starts.size()) - 1; }
};

// How many neighbors t-SNE looks at: min(n - 1, floor(3·perplexity + 1)), as scikit-learn's Barnes-Hut method.
std::int64_t affinity_neighbors(std::int64_t points, double perplexity);

// The conditional probabilities p(j|i) ∝ exp(-β_i·d²_ij) of every point's neighbors (count × k), with β_i found by
// bisection so that the entropy is log(perplexity) to 1e-5, at most 100 steps: scikit-learn 1.2's
// _binary_search_perplexity. Throws Error unless 0 < perplexity < count. Independent of the number of threads.
// Thread-safe.
std::vector<double> conditional_probabilities(const Neighbors& neighbors, double perplexity, int threads);

// The joint probabilities of t-SNE (van der Maaten and Hinton 2008): p(j|i) + p(i|j), divided so that all of them sum
// to 1 (added up in float64, row after row); count × count, nonzero between neighbors only. Symmetric bit for bit, and
// independent of the number of threads. Beside the result it takes 24 bytes a neighbor of each point. Throws Error
// unless 0 < perplexity < count. Thread-safe.
SparseRows joint_probabilities(const Neighbors& neighbors, double perplexity, int threads);

}  // namespace latentgrid
