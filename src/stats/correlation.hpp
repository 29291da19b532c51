#pragma once

#include <optional>
#include <span>
#include <vector>

namespace latentgrid {

// Correlation coefficients of paired values, without p-values: who asks knows whether the pairs are independent. Nothing
// for fewer than three pairs, or where one side is constant. Throw Error if the lengths differ. Thread-safe.
// SciPy: stats.pearsonr, stats.spearmanr.
std::optional<double> pearson(std::span<const double> x, std::span<const double> y);
std::optional<double> spearman(std::span<const double> x, std::span<const double> y);

// 1 for the smallest; equal values share the mean of their ranks. SciPy: stats.rankdata.
std::vector<double> average_ranks(std::span<const double> values);

}  // namespace latentgrid
