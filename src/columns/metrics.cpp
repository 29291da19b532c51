#include "columns/metrics.hpp"

namespace latentgrid {

std::vector<std::string> metric_names(bool Metric::* property) {
  std::vector<std::string> names;
  for (const Metric& metric : all_metrics) {
    if (metric.*property) names.emplace_back(metric.name);
  }
  return names;
}

}  // namespace latentgrid
