#pragma once

#include <optional>
#include <span>

namespace latentgrid {

// Kendall's tau-b of paired values: how much two orders agree, from -1 to 1, ties counted as neither.
struct KendallTau {
  double tau = 0;
  double p =
      1;  // two-sided, of independent pairs: exact for up to 33 pairs without ties, otherwise the normal approximation
};

// Nothing for fewer than three pairs, or where one side is constant. Throws Error if the lengths differ. O(n log n)
// (Knight 1966). Thread-safe. SciPy: stats.kendalltau.
std::optional<KendallTau> kendall_tau(std::span<const double> x, std::span<const double> y);

}  // namespace latentgrid
