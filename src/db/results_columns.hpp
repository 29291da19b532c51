#pragma once

#include <string>
#include <vector>

#include "columns/metrics.hpp"

namespace latentgrid {

// Metrics in the order of the columns: what `ls` shows, and what else there is.
struct MetricOrder {
  std::vector<const Metric*> defaults, others;

  MetricOrder();
};

// The columns of the view `results` that are asked for where nobody says which, in order.
const std::vector<std::string>& results_columns();

}  // namespace latentgrid
