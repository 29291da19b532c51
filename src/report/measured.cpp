#include "report/measured.hpp"

#include <algorithm>
#include <cmath>

namespace latentgrid {

namespace {

// To 40 binary digits: means of the same values are equal, whatever the order in which they were added.
double rounded(double value) {
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(mantissa, 40)), exponent - 40);
}

}  // namespace

std::vector<Measured> measure(const Grouping& grouping, const std::vector<RowGroup>& groups, const Field& field) {
  std::vector<Measured> rows;
  for (const RowGroup& group : groups) {
    Measured row{grouping.measured(group, field), std::nullopt};
    double sum = 0;
    for (const auto& [replicate, value] : row.by_replicate) sum += value;
    if (!row.by_replicate.empty()) row.mean = rounded(sum / static_cast<double>(row.by_replicate.size()));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::size_t> best_first(const std::vector<Measured>& groups, const std::vector<std::size_t>& among,
                                    bool lower_is_better) {
  std::vector<std::size_t> order;
  for (std::size_t group : among) {
    if (groups[group].mean) order.push_back(group);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return lower_is_better ? *groups[a].mean < *groups[b].mean : *groups[a].mean > *groups[b].mean;
  });
  return order;
}

}  // namespace latentgrid
