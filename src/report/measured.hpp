#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "report/fields.hpp"
#include "report/grouping.hpp"

namespace latentgrid {

// One measured field of a group of jobs.
struct Measured {
  std::map<std::int64_t, double> by_replicate;
  std::optional<double> mean;  // over the replicates; nothing where none has the value
};

std::vector<Measured> measure(const Grouping& grouping, const std::vector<RowGroup>& groups, const Field& field);

// Those of `among` that have a value, the best first; equal ones in their order.
std::vector<std::size_t> best_first(const std::vector<Measured>& groups, const std::vector<std::size_t>& among,
                                    bool lower_is_better);

}  // namespace latentgrid
