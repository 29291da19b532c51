#include "report/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/key.hpp"
#include "report/fields.hpp"
#include "report/foot.hpp"

namespace latentgrid {

Estimate estimate(const std::vector<double>& values) {
  Estimate result;
  result.n = static_cast<std::int64_t>(values.size());
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (values.size() < 2) return result;
  double squares = 0;
  for (double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return result;
}

namespace {

std::string text_of(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *number);
  if (const auto* value = std::get_if<double>(&cell)) return real_to_text(*value);
  return "none";
}

// Parameters without the replicate: a replicate is an axis, and some planners list it among the parameters too.
std::string params_without(const ResultRow& row, const std::string& replicate) {
  if (row.params.find("\"" + replicate + "\"") == std::string::npos) return row.params;
  Json params = Json::parse(row.params);
  if (params.is_object()) params.erase(replicate);
  return params.dump();
}

class Comparison {
 public:
  Comparison(const TableSpec& spec, const ComparisonInput& input) : spec_(spec), input_(input) {
    for (const TableSpec::Column& column : spec.columns) {
      fields_.push_back(&find_field(column.field));
      table_.columns.push_back({column.field, column.title, fields_.back()->kind(), column.precision,
                                spec.best && *spec.best == column.field});
    }
    find_field(spec.replicate);
    if (spec.best) find_field(*spec.best);
  }

  Table build() {
    table_.name = spec_.name;
    table_.title = spec_.title;
    note_latents();
    group_rows();
    for (RowGroup& group : groups_) group.label = row_label(first(group), shows_latent(first(group)));
    tell_apart();
    sort_groups();
    for (const RowGroup& group : groups_) table_.rows.push_back(cells(group));
    mark_best();
    table_.foot = foot_of(spec_, input_, groups_);
    return std::move(table_);
  }

 private:
  const ResultRow& first(const RowGroup& group) const { return input_.rows[group.rows.front()]; }
  bool shows(const std::string& field) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const Field* shown) { return shown->name == field; });
  }

  // The latent is part of a label only where the sweep has several for that architecture.
  void note_latents() {
    for (const ResultRow& row : input_.rows) latents_[row.architecture].insert(row.latent);
  }
  bool shows_latent(const ResultRow& row) const {
    return row.latent != "native" && !row.latent.empty() && latents_.at(row.architecture).size() > 1;
  }

  // What the jobs of one row share: everything but the replicate. A column that tells jobs apart keeps them apart.
  std::string identity(const ResultRow& row) const {
    std::string key = params_without(row, spec_.replicate);
    for (const Field& field : all_fields()) {
      bool differs =
          field.name == "job" || field.name == "state" || field.name == "params" || field.name == spec_.replicate;
      if (differs && !shows(field.name)) continue;
      if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) {
        key += '\x1f' + row.*(*text);
      } else if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
        key += fmt::format("\x1f{}", row.*(*number));
      }
    }
    return key;
  }

  void group_rows() {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < input_.rows.size(); ++i) {
      auto [found, is_new] = known.try_emplace(identity(input_.rows[i]), groups_.size());
      if (is_new) groups_.emplace_back();
      groups_[found->second].rows.push_back(i);
    }
  }

  std::string text_cell(const RowGroup& group, const Field& field) const {
    const ResultRow& row = first(group);
    if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) return row.*(*text);
    switch (std::get<Field::Made>(field.source)) {
      case Field::Made::sweep:
        return input_.sweep;
      case Field::Made::label:
        return row_label(row, shows_latent(row));
      case Field::Made::reduction_label:
        return reduction_label(row);
    }
    return "";
  }

  TableCell cell(const RowGroup& group, const Field& field) const {
    if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
      const bool untrained = *number == &ResultRow::epochs && first(group).epochs == 0;  // raw pixels
      return untrained ? TableCell{} : TableCell{first(group).*(*number)};
    }
    const auto* measured = std::get_if<std::optional<double> ResultRow::*>(&field.source);
    if (!measured) return {text_cell(group, field)};
    std::vector<double> values;
    for (std::size_t row : group.rows) {
      const std::optional<double>& value = input_.rows[row].*(*measured);
      if (input_.rows[row].state == "complete" && value) values.push_back(*value);
    }
    if (values.empty()) return {};
    return {estimate(values)};
  }

  std::vector<TableCell> cells(const RowGroup& group) const {
    std::vector<TableCell> row;
    bool told = group.difference.empty();
    for (const Field* field : fields_) {
      row.push_back(cell(group, *field));
      if (!told && field->kind() == ColumnKind::text) {
        std::get<std::string>(row.back().value) += group.difference;
        told = true;
      }
    }
    return row;
  }

  // Rows whose columns say the same: t-SNE after 250 and after 1000 iterations, where no column shows iterations.
  void tell_apart() {
    std::map<std::string, std::vector<std::size_t>> alike;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      std::string shown;
      for (const Field* field : fields_) {
        if (field->kind() == ColumnKind::estimate) continue;
        TableCell value = cell(groups_[i], *field);
        const auto* text = std::get_if<std::string>(&value.value);
        const auto* number = std::get_if<std::int64_t>(&value.value);
        shown += '\x1f' + (text ? *text : number ? fmt::format("{}", *number) : "");
      }
      alike[shown].push_back(i);
    }
    for (const auto& [shown, members] : alike) {
      if (members.size() > 1) add_differences(members);
    }
  }

  void add_differences(const std::vector<std::size_t>& members) {
    std::vector<std::map<std::string, std::string>> values;  // of each member, by axis
    std::map<std::string, std::set<std::string>> by_axis;
    for (std::size_t member : members) {
      values.emplace_back();
      for (const auto& [axis, value] : input_.axes_of(first(groups_[member]).job)) {
        if (axis == spec_.replicate) continue;
        values.back()[axis] = text_of(value);
        by_axis[axis].insert(values.back()[axis]);
      }
    }
    add_parameters(members, values, by_axis);
    for (std::size_t i = 0; i < members.size(); ++i) {
      std::vector<std::string> parts;
      for (const auto& [axis, value] : values[i]) {
        bool everywhere =
            std::all_of(values.begin(), values.end(), [&](const auto& other) { return other.contains(axis); });
        if (by_axis[axis].size() > 1 || !everywhere) parts.push_back(fmt::format("{} = {}", axis, value));
      }
      if (!parts.empty()) groups_[members[i]].difference = fmt::format(" ({})", fmt::join(parts, ", "));
      groups_[members[i]].label += groups_[members[i]].difference;
    }
  }

  // What is an axis of one row only, because another sweep varied it there, has a value in the others all the same.
  void add_parameters(const std::vector<std::size_t>& members, std::vector<std::map<std::string, std::string>>& values,
                      std::map<std::string, std::set<std::string>>& by_axis) const {
    for (auto& [axis, known] : by_axis) {
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (values[i].contains(axis)) continue;
        const Json value = input_.parameter_of ? input_.parameter_of(first(groups_[members[i]]).job, axis) : Json();
        if (value.is_null()) continue;
        values[i][axis] = value.is_string() ? value.get<std::string>() : value.dump();
        known.insert(values[i][axis]);
      }
    }
  }

  void sort_groups() {
    if (!spec_.sort) return;
    const Field& field = find_field(spec_.sort->field);
    std::vector<std::pair<TableCell, RowGroup>> keyed;
    for (RowGroup& group : groups_) keyed.emplace_back(cell(group, field), std::move(group));
    auto before = [&](const auto& a, const auto& b) {
      const auto &x = a.first.value, &y = b.first.value;
      if (x.index() == 0 || y.index() == 0) return x.index() != 0 && y.index() == 0;  // without a value: last
      bool descending = spec_.sort->descending;
      if (const auto* left = std::get_if<Estimate>(&x)) {
        double right = std::get<Estimate>(y).mean;
        return descending ? left->mean > right : left->mean < right;
      }
      if (const auto* left = std::get_if<std::int64_t>(&x)) {
        return descending ? *left > std::get<std::int64_t>(y) : *left < std::get<std::int64_t>(y);
      }
      int order = std::get<std::string>(x).compare(std::get<std::string>(y));
      return descending ? order > 0 : order < 0;
    };
    std::stable_sort(keyed.begin(), keyed.end(), before);  // ties keep the order of the file
    for (std::size_t i = 0; i < keyed.size(); ++i) groups_[i] = std::move(keyed[i].second);
  }

  void mark_best() {
    for (std::size_t column = 0; column < fields_.size(); ++column) {
      if (!table_.columns[column].best) continue;
      std::optional<double> best;
      auto mean_of = [&](const std::vector<TableCell>& row) -> std::optional<double> {
        const auto* value = std::get_if<Estimate>(&row[column].value);
        return value ? std::optional(value->mean) : std::nullopt;
      };
      bool lower = fields_[column]->lower_is_better;
      for (const auto& row : table_.rows) {
        std::optional<double> mean = mean_of(row);
        if (mean && (!best || (lower ? *mean < *best : *mean > *best))) best = mean;
      }
      for (auto& row : table_.rows) row[column].best = best && mean_of(row) == best;
    }
  }

  const TableSpec& spec_;
  const ComparisonInput& input_;
  std::vector<const Field*> fields_;
  std::map<std::string, std::set<std::string>> latents_;
  std::vector<RowGroup> groups_;
  Table table_;
};

}  // namespace

Table compare(const TableSpec& spec, const ComparisonInput& input) {
  return Comparison(spec, input).build();
}

}  // namespace latentgrid
