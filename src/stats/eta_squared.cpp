#include "stats/eta_squared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "base/error.hpp"

namespace latentgrid {

namespace {

struct Sum {
  double sum = 0, squares = 0, count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    count += 1;
  }
  double mean() const { return sum / count; }
  double variance() const { return std::max(0.0, squares / count - mean() * mean()); }  // of the whole population
};

// Values around their mean, lest squares cancel. Empty where all are the same.
std::vector<double> centred(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::vector<double> around;
  for (double value : values) around.push_back(value - mean);
  const bool constant = std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
  return constant ? std::vector<double>() : around;
}

double sum_of_squares(const std::vector<double>& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

void require_equal(std::size_t values, std::size_t others) {
  if (values != others) throw Error(fmt::format("{} values cannot be in the groups of {}", values, others));
}

}  // namespace

std::optional<double> eta_squared(std::span<const double> values, std::span<const int> group) {
  require_equal(values.size(), group.size());
  const std::vector<double> around = centred(values);
  std::map<int, Sum> groups;
  for (std::size_t i = 0; i < around.size(); ++i) groups[group[i]].add(around[i]);
  if (groups.size() < 2) return std::nullopt;
  double between = 0;
  for (const auto& [number, sum] : groups) between += sum.count * sum.mean() * sum.mean();
  return between / sum_of_squares(around);
}

std::optional<double> eta_squared_within_strata(std::span<const double> values, std::span<const int> group,
                                                std::span<const int> stratum) {
  require_equal(values.size(), group.size());
  require_equal(values.size(), stratum.size());
  const std::vector<double> around = centred(values);
  std::map<int, Sum> strata;
  std::map<int, std::map<int, double>> places;  // of a group, in each stratum
  for (std::size_t i = 0; i < around.size(); ++i) {
    strata[stratum[i]].add(around[i]);
    ++places[group[i]][stratum[i]];
  }
  if (places.size() < 2) return std::nullopt;
  double between = 0;
  for (const auto& [number, in] : places) {
    double count = 0, mean = 0, variance = 0;  // of the sum of the group's values
    for (const auto& [which, drawn] : in) {
      const Sum& all = strata.at(which);
      count += drawn;
      mean += drawn * all.mean();
      if (all.count > 1) variance += drawn * (all.count - drawn) / (all.count - 1) * all.variance();
    }
    between += (mean * mean + variance) / count;
  }
  return between / sum_of_squares(around);
}

}  // namespace latentgrid
