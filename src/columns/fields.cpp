#include "columns/fields.hpp"

#include <algorithm>

#include "columns/measures.hpp"

namespace latentgrid {

const JobField* find_job_field(std::string_view name) {
  const auto* const found = std::find_if(job_fields.begin(), job_fields.end(), [&](const JobField& field) { return field.name == name; });
  return found == job_fields.end() ? nullptr : found;
}

std::vector<std::string> recorded_fields() {
  std::vector<std::string> names;
  for (const JobField& field : job_fields) {
    if (field.kind != JobField::Kind::made && !field.changes) names.emplace_back(field.name);
  }
  return names;
}

bool is_common_axis(std::string_view name) {
  const JobField* field = find_job_field(name);
  return field && field->axis != JobField::Axis::none;
}

std::vector<std::string> axes_of_every_job() {
  std::vector<std::string> names;
  for (const JobField& field : job_fields) {
    if (field.axis != JobField::Axis::none) names.emplace_back(field.name);
  }
  return names;
}

std::vector<std::string> measured_fields() {
  std::vector<std::string> names;
  for (const Metric& metric : all_metrics) names.emplace_back(metric.name);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> report_fields() {
  std::vector<std::string> names = measured_fields();
  for (const Measure& measure : all_measures) names.emplace_back(measure.name);
  for (const JobField& field : job_fields) names.emplace_back(field.name);
  std::erase(names, "params");
  std::sort(names.begin(), names.end());
  return names;
}

bool is_report_field(std::string_view name) {
  return name != "params" && (find_job_field(name) || find_metric(name) || find_measure(name));
}

}  // namespace latentgrid
