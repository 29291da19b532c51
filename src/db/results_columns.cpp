#include "db/results_columns.hpp"

#include "columns/fields.hpp"

namespace latentgrid {

MetricOrder::MetricOrder() {
  for (const Metric& metric : all_metrics) {
    if (metric.name != "wall_s") (metric.is_default ? defaults : others).push_back(&metric);
  }
}

const std::vector<std::string>& results_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> names = recorded_fields();
    names.insert(names.begin(), "sweep");
    const MetricOrder order;
    for (const Metric* metric : order.defaults) names.emplace_back(metric->name);
    names.insert(names.end(), {"state", "wall_s"});
    for (const Metric* metric : order.others) names.emplace_back(metric->name);
    return names;
  }();
  return columns;
}

}  // namespace latentgrid
