#include "report/grouping.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/decimal.hpp"
#include "base/pixel_range.hpp"
#include "db/job_columns.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

// "tsne" of "tsne.perplexity"; "" of training's.
std::string_view method_of(std::string_view parameter) { return parameter.substr(0, parameter.find('.') == std::string_view::npos ? 0 : parameter.find('.')); }

// Whether an axis is this parameter or decides about it.
bool covers(const std::string& axis, const JobParameter& parameter) {
  if (axis == parameter.name) return true;
  if (parameter.of == JobParameter::Of::reduction) return axis == "reduction" || (axis == "reduced_dim" && parameter.repeats);
  return parameter.of == JobParameter::Of::clustering && (axis == "clustering" || (axis == "k" && parameter.repeats));
}

// Names of parameters in which two jobs differ, but for those that a column says: "learning_rate", "tsne.perplexity". What
// only one has counts where the other has others of the same method.
std::set<std::string> differing_names(const std::vector<JobParameter>& a, const std::vector<JobParameter>& b) {
  std::set<std::string> names;
  for (const auto& [own, others] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    for (const JobParameter& one : *own) {
      const auto same = std::find_if(others->begin(), others->end(), [&](const JobParameter& other) { return other.name == one.name; });
      const bool differs = same != others->end() ? same->value != one.value
                                                 : std::any_of(others->begin(), others->end(), [&](const JobParameter& other) {
                                                     return other.of == one.of && method_of(other.name) == method_of(one.name);
                                                   });
      if (differs && repeated_column(one.name).empty()) names.insert(one.name);
    }
  }
  return names;
}

}  // namespace

std::string in_brackets(const std::string& text) { return text.empty() ? "" : fmt::format(" ({})", text); }

bool says(const std::string& field, const std::string& axis) {
  return field == axis || (axis == "latent_dim" && field == "latent") || (axis == "latent" && field == "latent_dim") ||
         (axis == "reduction" && field == "reduction_label") || field == repeated_column(axis);
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
    if (trains_encoder(row.architecture)) own.insert(row.latent);
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

// All of them, in a text.
std::string Grouping::parameters_that_count(const ResultRow& row) const {
  if (spec_.average_over.empty()) return row.params;
  const Json params = Json::parse(row.params, nullptr, false);
  std::string text = range_text(range_in(params));
  for (const JobParameter& parameter : parameters_in(params, row.clustering)) {
    const bool averaged = std::any_of(spec_.average_over.begin(), spec_.average_over.end(),
                                      [&](const std::string& axis) { return covers(axis, parameter); });
    if (!averaged) text += fmt::format("\x1f{}={}", parameter.name, parameter.value.dump());
  }
  return text;
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

TableCell Grouping::parameter_cell(const ResultRow& row, const std::string& name) const {
  const Cell value = parameter_value(row, name);
  if (std::holds_alternative<std::monostate>(value)) return {};
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number && value_word(name, static_cast<double>(*number)).empty()) return {*number};
  return {latentgrid::value_text(name, value)};
}

TableCell Grouping::shown(const RowGroup& group, const Field& field) const {
  const ResultRow& row = first(group);
  if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
    const bool untrained = *number == &ResultRow::epochs && !trains_encoder(row.architecture);
    return untrained ? TableCell{} : TableCell{row.*(*number)};
  }
  if (std::holds_alternative<std::string ResultRow::*>(field.source)) {
    return {shown_text(field, row)};
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
  const auto value_of = [&](const ResultRow& row) {
    if (const Measure* measure = field.measure()) return input_.measure_of ? input_.measure_of(row, *measure) : std::nullopt;
    return row[*field.metric()];
  };
  struct Sum {
    double sum = 0;
    int jobs = 0;
    bool whole = true;
  };
  std::map<std::int64_t, Sum> sums;
  for (std::size_t i : group.rows) {
    const ResultRow& row = input_.rows[i];
    Sum& sum = sums[replicate_of(spec_, row)];
    if (const std::optional<double> value = value_of(row); value && row.state == "complete") {
      sum.sum += *value;
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
    const ResultRow& of_first = first(group);
    const auto parameters_of = [](const ResultRow& row) { return parameters_in(Json::parse(row.params, nullptr, false), row.clustering); };
    for (std::size_t i : group.rows) {
      const ResultRow& row = input_.rows[i];
      if (row.params != of_first.params) parameters.merge(differing_names(parameters_of(of_first), parameters_of(row)));
    }
  }
  parameters.erase(spec_.replicate);
  names.insert(names.end(), parameters.begin(), parameters.end());
  return names;
}

}  // namespace latentgrid
