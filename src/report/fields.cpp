#include "report/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "columns/fields.hpp"
#include "db/row_fields.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid {

ColumnKind Field::kind() const {
  if (const auto* parameter = std::get_if<Parameter>(&source)) {
    return *parameter == Parameter::whole ? ColumnKind::integer : ColumnKind::text;
  }
  if (std::holds_alternative<std::int64_t ResultRow::*>(source)) return ColumnKind::integer;
  if (metric() || measure()) return ColumnKind::estimate;
  return ColumnKind::text;
}

const Metric* Field::metric() const {
  const auto* metric = std::get_if<const Metric*>(&source);
  return metric ? *metric : nullptr;
}

const Measure* Field::measure() const {
  const auto* measure = std::get_if<const Measure*>(&source);
  return measure ? *measure : nullptr;
}

namespace {

Field::Source source_of(std::string_view name) {
  static const std::map<std::string_view, Field::Source> sources = [] {
    std::map<std::string_view, Field::Source> all = {
        {"label", Field::Made::label}, {"reduction_label", Field::Made::reduction_label}, {"sweep", Field::Made::sweep}};
    for (const RowField& field : row_fields()) {
      std::visit([&](auto member) { all.emplace(field.name, member); }, field.member);
    }
    return all;
  }();
  return sources.at(name);
}

}  // namespace

const std::vector<Field>& all_fields() {
  static const std::vector<Field> fields = [] {
    std::vector<Field> all;
    for (const JobField& field : job_fields) all.push_back({std::string(field.name), std::string(field.title), source_of(field.name)});
    for (const Metric& metric : all_metrics) {
      all.push_back({std::string(metric.name), std::string(metric.title), &metric, metric.digits, metric.lower_is_better, metric.fraction});
    }
    return all;
  }();
  return fields;
}

namespace {

// "t-SNE perplexity", "learning rate"; `n_init` is a name.
std::string parameter_title(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot != std::string::npos) {
    const std::size_t number = std::min(name.find('['), dot);  // of a second step by one method: pca[2]
    return display_name_of(name.substr(0, number)) + name.substr(number, dot - number) + " " + parameter_title(name.substr(dot + 1));
  }
  std::string title = name;
  if (!title.starts_with("n_")) std::replace(title.begin(), title.end(), '_', ' ');
  return title;
}

}  // namespace

std::string title_of_field(const std::string& name) {
  const std::vector<Field>& fields = all_fields();
  auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  const Measure* measure = find_measure(name);
  return found != fields.end() ? found->title : measure ? std::string(measure->title) : parameter_title(name);
}

const Field& find_field(std::string_view name) {
  const std::vector<Field>& fields = all_fields();
  auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  if (found != fields.end()) return *found;
  static std::map<std::string, Field> parameters;
  if (const Measure* measure = find_measure(name)) {
    const std::string column(name);
    return parameters.try_emplace(column, Field{column, std::string(measure->title), measure, measure->digits}).first->second;
  }
  if (const std::optional<ParamType> type = parameter_type(name)) {
    const auto source = type == ParamType::integer ? Field::Parameter::whole : Field::Parameter::other;
    const std::string parameter(name);
    return parameters.try_emplace(parameter, Field{parameter, parameter_title(parameter), source}).first->second;
  }
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  std::string close = closest_match(name, names);
  throw Error(fmt::format("the report asks for an unknown field '{}'{}", name,
                          close.empty() ? "" : fmt::format(", did you mean '{}'?", close)));
}

std::string percent_title(const std::string& title) {
  return title.find('%') == std::string::npos ? title + " (%)" : title;
}

std::string shown_text(const Field& field, const ResultRow& row) {
  if (field.name == "reduction") return reduction_label(row);
  if (field.name == "clustering") return display_name_of(row.clustering);
  return row.*std::get<std::string ResultRow::*>(field.source);
}

std::string row_label(const ResultRow& row, bool with_latent) {
  std::string label = display_name_of_architecture(row.architecture);
  if (with_latent) label += fmt::format("({})", row.latent);
  for (const NamedStep& step : row.steps) {
    label += " + " + display_name_of(step.method);
    if (!step.dim.empty()) label += fmt::format("(dim = {})", step.dim);
  }
  return label;
}

std::string setting_text(const ResultRow& row) {
  const bool trained = trains_encoder(row.architecture);
  return fmt::format("{}{}, {}{}", row_label(row, trained), trained ? fmt::format(", {}", counted(row.epochs, "epoch")) : "",
                     display_name_of(row.clustering), row.k > 0 ? fmt::format(" k = {}", row.k) : "");
}

std::string job_text(const ResultRow& row) { return fmt::format("{}, seed {}", setting_text(row), row.seed); }

std::string reduction_label(const ResultRow& row) {
  std::string label;
  for (const NamedStep& step : row.steps) {
    label += (label.empty() ? "" : " + ") + display_name_of(step.method);
    const bool is_last = &step == &row.steps.back();
    if (!is_last && !step.dim.empty()) label += " " + step.dim;
  }
  return label.empty() ? "none" : label;
}

}  // namespace latentgrid
