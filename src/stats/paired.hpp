#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace latentgrid {

// What the paired t test says of two settings that were measured under the same replicates (seeds). SciPy:
// stats.ttest_rel and its confidence_interval.
struct PairedDifference {
  std::int64_t n = 0;   // pairs
  double mean = 0;      // of first - second
  double low = 0, high = 0;  // the t interval at `level`
  // Two-sided; 1 where no pair differs. Nothing where all differ by the same: a standard error of 0 is no measure of
  // chance.
  std::optional<double> p;
};

// Nothing for fewer than three pairs: no claim is made from two. Throws Error if the lengths differ. Thread-safe.
std::optional<PairedDifference> paired_difference(std::span<const double> first, std::span<const double> second,
                                                  double level = 0.95);

// Holm's step-down correction: adjusted p-values in the order of `p`, never above 1. (Holm 1979; R's p.adjust, method
// "holm".)
std::vector<double> holm_adjusted(std::span<const double> p);

}  // namespace latentgrid
