#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/matrix.hpp"

namespace latentgrid {

// Dispersion between the clusters over that within them, each divided by its degrees of freedom (Caliński and Harabasz
// 1974; sklearn.metrics.calinski_harabasz_score; 1 where nothing is dispersed within, as there). Noise, cluster -1, is
// a cluster of its own. Nothing unless at least 2 and at most n - 1 clusters hold points. Throws Error if the lengths
// differ. Thread-safe.
std::optional<double> calinski_harabasz(ConstMatrixRef points, std::span<const std::int32_t> clusters);

}  // namespace latentgrid
