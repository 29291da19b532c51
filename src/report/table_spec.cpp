#include "report/table_spec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/decimal.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "report/charts/common.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

template <typename T>
std::optional<T> optional_member(const Json& object, const char* name) {
  auto found = object.find(name);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return found->get<T>();
}

TableSpec::Column column_spec(const std::string& field) {
  const Field& known = find_field(field);
  return {field, known.title, known.precision};
}

constexpr std::size_t most_measures_in_title = 5;

std::string titles_of(const std::vector<TableSpec::Column>& columns) {
  std::vector<std::string> titles;
  for (const TableSpec::Column& column : columns) {
    const std::string title = title_of_field(column.field);
    if (std::find(titles.begin(), titles.end(), title) == titles.end()) titles.push_back(title);
  }
  return charts::listed(titles);
}

// What a table shows, where nobody says: "Reconstruction loss, accuracy and NMI of the settings of sweep hw4". In LaTeX it is
// the caption.
std::string title_for(const TableSpec& spec, const std::string& sweep) {
  std::vector<TableSpec::Column> measured = spec.pivot ? spec.pivot->values : spec.columns;
  std::erase_if(measured, [](const TableSpec::Column& column) { return find_field(column.field).kind() != ColumnKind::estimate; });
  std::string title = measured.empty() ? "" : measured.size() > most_measures_in_title ? "Scores" : titles_of(measured);
  if (spec.pivot && !title.empty()) {
    std::vector<TableSpec::Column> by = spec.pivot->rows;
    by.insert(by.end(), spec.pivot->columns.begin(), spec.pivot->columns.end());
    title += fmt::format(" by {}, of sweep {}", titles_of(by), sweep);
  } else {
    title += fmt::format("{} of sweep {}", title.empty() ? "Settings" : " of the settings", sweep);
  }
  title = sentence_case(title);
  std::vector<std::string> conditions;
  for (const Json& condition : spec.where) {
    if (condition.is_string()) conditions.push_back(condition);
  }
  return conditions.empty() ? title : fmt::format("{} with {}", title, charts::listed(conditions));
}

TableSpec default_table(const std::string& sweep, const DefaultTable& defaults) {
  TableSpec spec{.name = sweep, .title = ""};
  std::vector<std::string> fields = {"label", "recon_mse", "accuracy", "ari", "nmi"};
  if (!defaults.labelled) fields = {"label", "recon_mse", "silhouette"};
  if (defaults.labelled && defaults.probed) fields.insert(fields.end(), {"knn_accuracy", "linear_accuracy"});
  const bool split = defaults.labelled && defaults.split;
  if (split) fields.insert(fields.begin() + 2, {"accuracy_public", "accuracy_private"});
  if (defaults.on_leaderboard) fields.insert(fields.begin() + 2, {"leaderboard_public", "leaderboard_private"});
  if (!defaults.trained) std::erase(fields, "recon_mse");
  for (const std::string& field : fields) spec.columns.push_back(column_spec(field));
  const std::string score = defaults.labelled ? "accuracy" : "silhouette";
  spec.sort = TableSpec::Sort{split ? "accuracy_public" : score, true};
  spec.best = split ? "accuracy_private" : score;
  spec.title = title_for(spec, sweep);
  return spec;
}

std::vector<TableSpec::Column> parse_columns(const Json& json) {
  std::vector<TableSpec::Column> columns;
  for (const Json& column : json) {
    TableSpec::Column parsed = column_spec(column.at("field").get<std::string>());
    // The sweep's file has the field's name where it says no title.
    const std::string title = optional_member<std::string>(column, "title").value_or(parsed.field);
    if (title != parsed.field) parsed.title = title;
    parsed.precision = optional_member<int>(column, "precision").value_or(parsed.precision);
    columns.push_back(parsed);
  }
  return columns;
}

// What a table has that names no columns. The best is marked in its column.
void fill_in_defaults(TableSpec& spec, const TableSpec& defaults) {
  spec.columns = defaults.columns;
  if (!spec.sort) spec.sort = defaults.sort;
  if (!spec.best) spec.best = defaults.best;
  const bool shown = std::any_of(spec.columns.begin(), spec.columns.end(), [&](const auto& column) { return column.field == *spec.best; });
  if (!shown) spec.columns.push_back(column_spec(*spec.best));
  if (!spec.percent) return;
  for (TableSpec::Column& column : spec.columns) {
    if (find_field(column.field).fraction) column.precision = 1;
  }
}

// "silhouette in raw"
void say_space(std::vector<TableSpec::Column>& columns, const std::string& space) {
  for (TableSpec::Column& column : columns) {
    const Field& field = find_field(column.field);
    if (field.measure() && field.measure()->needs_space && column.title == field.title) column.title += " in " + space;
  }
}

TableSpec parse_table(const Json& json, std::size_t index, const std::string& sweep, const DefaultTable& defaults) {
  TableSpec spec;
  spec.name = optional_member<std::string>(json, "name").value_or(fmt::format("table{}", index + 1));
  spec.title = optional_member<std::string>(json, "title").value_or("");
  if (auto columns = optional_member<Json>(json, "columns")) spec.columns = parse_columns(*columns);
  if (auto pivot = optional_member<Json>(json, "pivot")) {
    spec.pivot = TableSpec::Pivot{parse_columns(pivot->at("rows")),
                                  parse_columns(optional_member<Json>(*pivot, "columns").value_or(Json::array())),
                                  parse_columns(pivot->at("values"))};
  }
  if (optional_member<std::string>(json, "form") == "long") spec.form = TableSpec::Form::tall;
  spec.average_over =
      optional_member<std::vector<std::string>>(json, "group_by_all_except").value_or(std::vector<std::string>());
  if (auto sort = optional_member<Json>(json, "sort")) {
    spec.sort = TableSpec::Sort{sort->at("field").get<std::string>(),
                                optional_member<bool>(*sort, "descending").value_or(false)};
  }
  spec.best = optional_member<std::string>(json, "best");
  spec.caption = optional_member<std::string>(json, "caption").value_or("");
  spec.where = optional_member<Json>(json, "where").value_or(Json());
  spec.percent = optional_member<bool>(json, "percent").value_or(false);
  spec.n = optional_member<bool>(json, "n").value_or(true);
  spec.notes = optional_member<bool>(json, "notes").value_or(true);
  spec.space = optional_member<std::string>(json, "space").value_or("");
  using Titles = std::map<std::string, std::string>;
  spec.row_titles = optional_member<Titles>(json, "row_titles").value_or(Titles());
  spec.replicate = optional_member<std::string>(json, "replicate").value_or("seed");
  if (spec.columns.empty() && !spec.pivot) fill_in_defaults(spec, default_table(sweep, defaults));
  for (auto* columns : {&spec.columns, spec.pivot ? &spec.pivot->values : nullptr}) {
    if (columns) say_space(*columns, spec.space);
  }
  if (spec.title.empty()) spec.title = title_for(spec, sweep);
  return spec;
}

}  // namespace

std::vector<TableSpec> table_specs(const Json& report, const std::string& sweep, const DefaultTable& defaults) {
  try {
    std::vector<TableSpec> specs;
    auto tables = report.is_object() ? optional_member<Json>(report, "tables") : std::nullopt;
    if (!tables || tables->empty()) return {default_table(sweep, defaults)};
    for (const Json& table : *tables) specs.push_back(parse_table(table, specs.size(), sweep, defaults));
    return specs;
  } catch (const Json::exception& error) {
    throw Error(fmt::format("the report of sweep '{}' cannot be read: {}; run its file again", sweep, error.what()));
  }
}

bool first_table_in_percent(const Json& report) {
  if (!report.is_object() || !report.contains("tables") || !report["tables"].is_array() || report["tables"].empty()) return false;
  return optional_member<bool>(report["tables"].front(), "percent").value_or(false);
}

std::string fraction_text(double fraction, bool percent) {
  return percent ? fixed(in_percent(fraction), 1) + " %" : fixed(fraction, 4);
}

}  // namespace latentgrid
