#pragma once

#include <cstdint>
#include <span>

#include "base/matrix.hpp"

namespace latentgrid {

// The share of points whose k nearest other points have its label as their most frequent one, the smallest of those that are
// equally frequent (leave-one-out; sklearn.neighbors.KNeighborsClassifier with uniform weights). Throws Error unless there are as
// many labels as points, none negative, and 1 <= k < points.
double knn_accuracy(ConstMatrixRef points, std::span<const std::int32_t> labels, std::int64_t k, int threads);

}  // namespace latentgrid
