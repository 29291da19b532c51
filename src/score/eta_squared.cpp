#include "score/eta_squared.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>

#include "base/error.hpp"

namespace latentgrid {

std::optional<double> eta_squared(std::span<const double> values, std::span<const int> group) {
  if (values.size() != group.size()) {
    throw Error(fmt::format("{} values cannot be in the groups of {}", values.size(), group.size()));
  }
  struct Sum {
    double sum = 0;
    double count = 0;
  };
  std::map<int, Sum> groups;
  for (std::size_t i = 0; i < values.size(); ++i) {
    groups[group[i]].sum += values[i];
    groups[group[i]].count += 1;
  }
  if (groups.size() < 2) return std::nullopt;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double total = 0, between = 0;
  for (double value : values) total += (value - mean) * (value - mean);
  for (const auto& [number, sum] : groups) {
    const double difference = sum.sum / sum.count - mean;
    between += sum.count * difference * difference;
  }
  if (total == 0) return std::nullopt;
  return between / total;
}

}  // namespace latentgrid
