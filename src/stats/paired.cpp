#include "stats/paired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t fewest_pairs = 3;

}  // namespace

std::optional<PairedDifference> paired_difference(std::span<const double> first, std::span<const double> second,
                                                  double level) {
  if (first.size() != second.size()) {
    throw Error(fmt::format("{} values cannot be paired with {}", first.size(), second.size()));
  }
  if (first.size() < fewest_pairs) return std::nullopt;
  const auto n = static_cast<double>(first.size());
  PairedDifference result;
  result.n = static_cast<std::int64_t>(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) result.mean += (first[i] - second[i]) / n;
  double squares = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double deviation = first[i] - second[i] - result.mean;
    squares += deviation * deviation;
  }
  const double standard_error = std::sqrt(squares / (n - 1) / n);
  // Differences of decimal numbers that are the same on paper differ in their last bits.
  const bool constant = standard_error <= 1e-12 * std::abs(result.mean);
  if (constant) {
    result.low = result.high = result.mean;
    if (result.mean == 0) result.p = 1;
    return result;
  }
  const boost::math::students_t distribution(n - 1);
  const double half = boost::math::quantile(distribution, 0.5 + level / 2) * standard_error;
  result.low = result.mean - half;
  result.high = result.mean + half;
  result.p = 2 * boost::math::cdf(distribution, -std::abs(result.mean / standard_error));
  return result;
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - rank) * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

}  // namespace latentgrid
