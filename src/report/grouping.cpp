#include "report/grouping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/decimal.hpp"
#include "base/key.hpp"
#include "db/job_columns.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

// Takes out of a job's parameters what an axis is called ("learning_rate", "tsne.perplexity", "reduced_dim").
void erase_axis(Json& params, const std::string& axis) {
  if (!params.is_object()) return;
  params.erase(axis);
  const std::size_t dot = axis.find('.');
  const std::string method = dot == std::string::npos ? "" : axis.substr(0, dot);
  const std::string name = dot == std::string::npos ? axis : axis.substr(dot + 1);
  if (method.empty() && params.contains("train") && params["train"].is_object()) params["train"].erase(name);
  if (method.empty() && name == "reduction") params.erase("reduction");
  if (method.empty() && name == "clustering") params.erase("clustering");
  if (method.empty() && name == "k" && params.contains("clustering")) params["clustering"].erase("k");
  if (!params.contains("reduction") || !params["reduction"].is_array()) return;
  for (Json& step : params["reduction"]) {
    if (!method.empty() && step.value("method", "") == method) step.erase(name);
    if (method.empty() && name == "reduced_dim" && &step == &params["reduction"].back()) step.erase("dim");
  }
  if (!method.empty() && params.contains("clustering")) params["clustering"].erase(name);
}

// Names of parameters in which two jobs differ: "learning_rate", "tsne.perplexity".
void add_differing(const Json& a, const Json& b, const std::string& prefix, std::set<std::string>& names) {
  std::set<std::string> keys;
  for (const Json* object : {&a, &b}) {
    for (const auto& [key, value] : object->items()) keys.insert(key);
  }
  for (const std::string& key : keys) {
    const Json x = a.value(key, Json()), y = b.value(key, Json());
    if (x == y || key == "method") continue;
    const bool objects = x.is_object() && y.is_object();
    objects ? add_differing(x, y, prefix, names) : static_cast<void>(names.insert(prefix + key));
  }
}

std::set<std::string> differing_parameters_of(const Json& a, const Json& b) {
  std::set<std::string> names;
  if (!a.is_object() || !b.is_object()) return names;
  Json first = a, second = b;
  for (Json* params : {&first, &second}) params->erase("reduction");
  add_differing(first, second, "", names);
  const Json x = a.value("reduction", Json::array()), y = b.value("reduction", Json::array());
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const std::string method = x[i].value("method", "");
    if (method == y[i].value("method", "")) add_differing(x[i], y[i], method + ".", names);
  }
  for (const char* shown : {"pca.dim", "tsne.dim"}) names.erase(shown);  // reduced_dim says it
  return names;
}

}  // namespace

bool says(const std::string& field, const std::string& axis) {
  return field == axis || (axis == "latent_dim" && field == "latent") || (axis == "latent" && field == "latent_dim") ||
         (axis == "reduction" && field == "reduction_label") || (field == "reduced_dim" && axis.ends_with(".dim")) ||
         (field == "k" && axis.ends_with(".k"));
}

std::string cell_text(const TableCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell.value)) return fmt::format("{}", *number);
  return "–";
}

std::int64_t replicate_of(const TableSpec& spec, const ResultRow& row) {
  const auto* number = std::get_if<std::int64_t ResultRow::*>(&find_field(spec.replicate).source);
  return number ? row.*(*number) : 0;
}

Grouping::Grouping(const TableSpec& spec, const ComparisonInput& input) : spec_(spec), input_(input) {
  // The latent is part of a label only where the sweep has several for that architecture.
  latents_ = input.latents;
  std::set<std::string> own;
  for (const ResultRow& row : input.rows) {
    latents_[row.architecture].insert(row.latent);
    if (row.architecture != "raw") own.insert(row.latent);
  }
  one_latent_ = own.size() == 1;
  std::set<std::string> architectures, reductions;
  for (const ResultRow& row : input.rows) {
    const std::vector<const ResultRow*> alone = {&row};
    architectures.insert(joint_architecture(alone, {shows_latent(row)}));
    reductions.insert(joint_reduction(alone));
  }
  label_parts_.architecture = architectures.size() != 1 || reductions.size() == 1;
  label_parts_.reduction = reductions.size() != 1 || architectures.size() == 1;
  if (!label_parts_.architecture) {
    const ResultRow& row = input.rows.front();
    latent_in_every_label_ = has_latents(row);
    in_every_label_ = joint_architecture({&row}, {latent_in_every_label_});
  }
  if (!label_parts_.reduction) in_every_label_ = *reductions.begin();
}

bool Grouping::shows(const std::string& field) const {
  return std::any_of(spec_.columns.begin(), spec_.columns.end(),
                     [&](const TableSpec::Column& shown) { return shown.field == field; });
}

bool Grouping::latent_in_full_labels() const {
  return std::all_of(input_.rows.begin(), input_.rows.end(), [&](const ResultRow& row) { return has_latents(row); });
}

bool Grouping::has_latents(const ResultRow& row) const {
  return row.latent != "native" && !row.latent.empty() && latents_.at(row.architecture).size() > 1;
}

// A replicate is an axis, and some planners list it among the parameters too.
std::string Grouping::parameters_that_count(const ResultRow& row) const {
  const bool has_replicate = row.params.find("\"" + spec_.replicate + "\"") != std::string::npos;
  if (!has_replicate && spec_.average_over.empty()) return row.params;
  Json params = Json::parse(row.params);
  erase_axis(params, spec_.replicate);
  for (const std::string& axis : spec_.average_over) erase_axis(params, axis);
  return params.dump();
}

// What the jobs of one row share: everything but the replicate. A column that tells jobs apart keeps them apart.
std::string Grouping::identity(const ResultRow& row) const {
  std::string key = parameters_that_count(row);
  for (const Field& field : all_fields()) {
    bool differs =
        field.name == "job" || field.name == "state" || field.name == "params" || field.name == spec_.replicate;
    for (const std::string& axis : spec_.average_over) differs |= says(field.name, axis);
    if (differs && !shows(field.name)) continue;
    if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) {
      key += '\x1f' + row.*(*text);
    } else if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
      key += fmt::format("\x1f{}", row.*(*number));
    }
  }
  for (const TableSpec::Column& column : spec_.columns) {
    const Field& field = find_field(column.field);
    if (std::holds_alternative<Field::Parameter>(field.source)) {
      key += '\x1f' + cell_text(parameter_cell(row, field.name));
    }
  }
  return key;
}

std::string Grouping::pivot_identity(const RowGroup& alone) const {
  std::string key;
  for (const auto* names : {&spec_.pivot->rows, &spec_.pivot->columns}) {
    for (const TableSpec::Column& column : *names) key += '\x1f' + cell_text(shown(alone, find_field(column.field)));
  }
  return key;
}

std::vector<RowGroup> Grouping::groups() const {
  std::vector<RowGroup> groups;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < input_.rows.size(); ++i) {
    const std::string key = spec_.pivot ? pivot_identity({{i}}) : identity(input_.rows[i]);
    auto [found, is_new] = known.try_emplace(key, groups.size());
    if (is_new) groups.emplace_back();
    groups[found->second].rows.push_back(i);
  }
  return groups;
}

std::vector<const ResultRow*> Grouping::jobs_of(const RowGroup& group) const {
  std::vector<const ResultRow*> jobs;
  for (std::size_t row : group.rows) jobs.push_back(&input_.rows[row]);
  return jobs;
}

std::string Grouping::label(const RowGroup& group, LabelParts parts) const {
  const std::vector<const ResultRow*> jobs = jobs_of(group);
  std::vector<bool> latents;
  for (const ResultRow* job : jobs) latents.push_back(shows_latent(*job));
  return joint_label(jobs, latents, parts);
}

std::string Grouping::full_label(const RowGroup& group) const {
  const std::vector<const ResultRow*> jobs = jobs_of(group);
  std::vector<bool> latents;
  for (const ResultRow* job : jobs) latents.push_back(has_latents(*job));
  return joint_label(jobs, latents, {});
}

// A parameter that is left out of the job's own at its default is known on an axis.
TableCell Grouping::parameter_cell(const ResultRow& row, const std::string& name) const {
  Cell value = parameter_value(row, name);
  if (std::holds_alternative<std::monostate>(value) && input_.axes_of) {
    const Axes axes = input_.axes_of(row.job);
    value = parameter_value(row, name, &axes);
  }
  if (std::holds_alternative<std::monostate>(value)) return {};
  if (const auto* number = std::get_if<std::int64_t>(&value)) return {*number};
  if (const auto* real = std::get_if<double>(&value)) return {parameter_text(name, *real)};
  return {std::get<std::string>(value)};
}

TableCell Grouping::shown(const RowGroup& group, const Field& field) const {
  const ResultRow& row = first(group);
  if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
    const bool untrained = *number == &ResultRow::epochs && row.epochs == 0;  // raw pixels
    return untrained ? TableCell{} : TableCell{row.*(*number)};
  }
  if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) {
    const bool methods = field.name == "reduction" || field.name == "clustering";
    return {methods ? methods_in_label(row.*(*text)) : row.*(*text)};
  }
  if (std::holds_alternative<Field::Parameter>(field.source)) return parameter_cell(row, field.name);
  if (const auto* made = std::get_if<Field::Made>(&field.source)) {
    switch (*made) {
      case Field::Made::sweep:
        return {input_.sweep};
      case Field::Made::label:
        return {label(group, label_parts_)};
      case Field::Made::reduction_label:
        return {joint_reduction_label(jobs_of(group))};
    }
  }
  return {};
}

std::string Grouping::value_text(std::size_t row, const std::string& name) const {
  const std::vector<Field>& known = all_fields();
  auto field = std::find_if(known.begin(), known.end(), [&](const Field& one) { return one.name == name; });
  return cell_text(field != known.end() ? shown({{row}}, *field) : parameter_cell(input_.rows[row], name));
}

// A leaderboard may give percent itself.
double Grouping::scale_of(const Field& field) const {
  if (!spec_.percent || !field.fraction) return 1;
  const Metric& source = *field.metric();
  const bool fractions = std::all_of(input_.rows.begin(), input_.rows.end(),
                                     [&](const ResultRow& row) { return !row[source] || *row[source] <= 1; });
  return fractions ? 100 : 1;
}

std::map<std::int64_t, double> Grouping::measured(const RowGroup& group, const Field& field) const {
  const Metric& source = *field.metric();
  struct Sum {
    double sum = 0;
    int jobs = 0;
    bool whole = true;
  };
  std::map<std::int64_t, Sum> sums;
  for (std::size_t i : group.rows) {
    const ResultRow& row = input_.rows[i];
    Sum& sum = sums[replicate_of(spec_, row)];
    if (row.state == "complete" && row[source]) {
      sum.sum += *row[source];
      ++sum.jobs;
    } else {
      sum.whole = false;
    }
  }
  const bool percent = scale_of(field) != 1;
  std::map<std::int64_t, double> values;
  for (const auto& [replicate, sum] : sums) {
    if (sum.whole) values[replicate] = percent ? in_percent(sum.sum / sum.jobs) : sum.sum / sum.jobs;
  }
  return values;
}

std::vector<std::string> Grouping::averaged_over(const std::vector<RowGroup>& groups) const {
  std::vector<std::string> names;
  for (const Field& field : all_fields()) {
    const bool identifies = field.kind() != ColumnKind::estimate && field.name != "job" && field.name != "state" &&
                            field.name != spec_.replicate && field.name != "label" && field.name != "params" &&
                            field.name != "latent" && field.name != "reduction_label";
    if (!identifies) continue;
    const bool differs = std::any_of(groups.begin(), groups.end(), [&](const RowGroup& group) {
      const std::string value = cell_text(shown(group, field));
      return std::any_of(group.rows.begin(), group.rows.end(),
                         [&](std::size_t row) { return cell_text(shown({{row}}, field)) != value; });
    });
    if (differs) names.push_back(field.name);
  }
  std::set<std::string> parameters;
  for (const RowGroup& group : groups) {
    const std::string& of_first = first(group).params;
    for (std::size_t row : group.rows) {
      if (input_.rows[row].params == of_first) continue;
      parameters.merge(differing_parameters_of(Json::parse(of_first), Json::parse(input_.rows[row].params)));
    }
  }
  parameters.erase(spec_.replicate);
  names.insert(names.end(), parameters.begin(), parameters.end());
  return names;
}

}  // namespace latentgrid
