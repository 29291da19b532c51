#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/matrix.hpp"

namespace latentgrid {

// The class of each of the points `judged`, by ridge regression on the points `learned`: sklearn's StandardScaler, then
// RidgeClassifier(alpha=ridge). In float64; O(n·d·min(n, d)). Both lists are rows of `points`, neither empty.
std::vector<std::int32_t> ridge_classes(ConstMatrixRef points, std::span<const std::int32_t> labels, double ridge,
                                        std::span<const std::int64_t> learned, std::span<const std::int64_t> judged);

// How well a linear classifier tells the classes apart: the points are divided at random into two halves, always the same ones, and
// each half is classified by the other. The share of points that are classified right. Throws Error unless there are as many labels as
// points, none negative, and at least 4 points of at least 2 classes.
double linear_probe_accuracy(ConstMatrixRef points, std::span<const std::int32_t> labels, double ridge);

}  // namespace latentgrid
