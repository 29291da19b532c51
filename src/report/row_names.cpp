#include "report/row_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "methods/methods.hpp"
#include "report/parameters.hpp"
#include "report/row_differences.hpp"

namespace latentgrid {

namespace {

std::string with_title(const TableSpec::Column& column, const TableCell& cell, const std::string& text) {
  if (std::holds_alternative<std::string>(cell.value) || column.title.empty()) return text;
  return column.title + " " + text;
}

// Labels once had every method in capitals.
std::string with_names_of_methods(std::string title) {
  for (const MethodSpec& method : all_methods()) {
    std::string capitals = method.name;
    for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (std::size_t at = 0; (at = title.find(capitals + "(", at)) != std::string::npos; at += method.display_name.size()) {
      title.replace(at, capitals.size(), method.display_name);
    }
  }
  return title;
}

template <typename Key>
std::map<std::string, std::vector<std::size_t>> by(std::size_t rows, Key&& key) {
  std::map<std::string, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < rows; ++i) alike[key(i)].push_back(i);
  return alike;
}

}  // namespace

void RowNames::give(std::vector<RowGroup>& groups) {
  if (spec_.pivot) {
    for (RowGroup& group : groups) group.name = pivot_name(group);
    return;
  }
  tell_apart(groups);
  name_by_columns(groups);
}

std::vector<TableSpec::Column> RowNames::columns() const {
  std::vector<TableSpec::Column> shown;
  for (const TableSpec::Column& column : spec_.columns) {
    if (find_field(column.field).kind() != ColumnKind::estimate) shown.push_back(column);
  }
  return shown;
}

// The column of text that says which row it is.
const TableSpec::Column* RowNames::telling_column() const {
  const TableSpec::Column* found = nullptr;
  const TableSpec::Column* other = nullptr;  // says something about the row
  for (const TableSpec::Column& column : spec_.columns) {
    if (find_field(column.field).kind() != ColumnKind::text) continue;
    if (column.field == "label") return &column;
    const bool is_about =
        column.field == "state" || column.field == "sweep" || column.field == "dataset" || column.field == "job";
    const TableSpec::Column*& place = is_about ? other : found;
    if (!place) place = &column;
  }
  return found ? found : other;
}

TableCell RowNames::shown(const RowGroup& group, const TableSpec::Column& column) const {
  TableCell cell = grouping_.shown(group, find_field(column.field));
  auto* text = std::get_if<std::string>(&cell.value);
  if (!text) return cell;
  const TableSpec::Column* telling = telling_column();
  const bool tells = telling && telling->field == column.field;
  const std::string difference = tells ? group.difference : "";
  const std::string suffix = in_brackets(difference), whole_suffix = tells ? in_brackets(group.whole_difference) : "";
  std::vector<std::string> known_as = {*text};
  if (column.field == "label") known_as.insert(known_as.end(), {grouping_.label(group, {}), grouping_.full_label(group)});
  for (const std::string& name : known_as) {
    for (const std::string& end : {suffix, whole_suffix}) {
      if (const std::string* title = title_of(name + end)) return {*title};
    }
  }
  if (differences_alone_ && column.field == "label") {
    const std::string* title = title_of(difference);
    return {title ? *title : difference};
  }
  for (const std::string& name : known_as) {
    if (const std::string* title = title_of(name)) return {*title + suffix};
  }
  *text += suffix;
  return cell;
}

std::string RowNames::titled(const std::string& text) const {
  const std::string* title = title_of(text);
  return title ? *title : text;
}

const std::string* RowNames::title_of(const std::string& text) const {
  auto found = std::find_if(spec_.row_titles.begin(), spec_.row_titles.end(),
                            [&](const auto& title) { return title.first == text || with_names_of_methods(title.first) == text; });
  if (found == spec_.row_titles.end()) return nullptr;
  used_titles_.insert(found->first);
  return &found->second;
}

std::vector<std::string> RowNames::titles_of_nothing() const {
  std::vector<std::string> unused;
  for (const auto& [text, title] : spec_.row_titles) {
    if (!used_titles_.contains(text)) unused.push_back(text);
  }
  return unused;
}

std::string RowNames::in_every_row() const {
  if (differences_alone_) return grouping_.full_label({{0}});
  std::vector<TableSpec::Column> all = spec_.columns;
  if (spec_.pivot) {
    all.insert(all.end(), spec_.pivot->rows.begin(), spec_.pivot->rows.end());
    all.insert(all.end(), spec_.pivot->columns.begin(), spec_.pivot->columns.end());
  }
  const bool labels =
      std::any_of(all.begin(), all.end(), [](const TableSpec::Column& column) { return column.field == "label"; });
  return labels ? grouping_.in_every_label() : "";
}

bool RowNames::latent_is_said() const {
  if (differences_alone_) return grouping_.latent_in_full_labels();
  return grouping_.latent_in_every_label() && !in_every_row().empty();
}

// Rows whose columns say the same: t-SNE after 250 and after 1000 iterations, where no column shows iterations.
void RowNames::tell_apart(std::vector<RowGroup>& groups) {
  const std::vector<TableSpec::Column> shown = columns();
  const auto alike = by(groups.size(), [&](std::size_t i) {
    std::string key;
    for (const TableSpec::Column& column : shown) {
      key += '\x1f' + cell_text(grouping_.shown(groups[i], find_field(column.field)));
    }
    return key;
  });
  std::vector<std::vector<std::size_t>> look_alikes;
  for (const auto& [key, members] : alike) {
    if (members.size() > 1) look_alikes.push_back(members);
  }
  if (!look_alikes.empty()) unless_said_ = RowDifferences(spec_, input_, groups).tell_apart(look_alikes);
  const auto differs = [](const RowGroup& group) { return !group.difference.empty(); };
  needs_column_ = !telling_column() && std::any_of(groups.begin(), groups.end(), differs);
  const bool all_differ = groups.size() > 1 && std::all_of(groups.begin(), groups.end(), differs);
  differences_alone_ = all_differ && telling_column() && telling_column()->field == "label" &&
                       std::all_of(groups.begin(), groups.end(), [&](const RowGroup& group) {
                         return grouping_.label(group, {}) == grouping_.label(groups.front(), {});
                       });
}

std::string RowNames::pivot_name(const RowGroup& group) const {
  std::vector<std::string> row, heading;
  for (const TableSpec::Column& column : spec_.pivot->rows) {
    const TableCell cell = grouping_.shown(group, find_field(column.field));
    row.push_back(with_title(column, cell, titled(cell_text(cell))));
  }
  for (const TableSpec::Column& column : spec_.pivot->columns) {
    heading.push_back(titled(cell_text(grouping_.shown(group, find_field(column.field)))));
  }
  if (heading.empty()) return fmt::format("{}", fmt::join(row, ", "));
  return fmt::format("{} / {}", fmt::join(row, ", "), fmt::join(heading, ", "));
}

void RowNames::name_by_columns(std::vector<RowGroup>& groups) const {
  const TableSpec::Column* telling = telling_column();
  for (RowGroup& group : groups) {
    group.name = needs_column_ ? group.difference : "";
    if (telling && telling->field != "job") group.name = cell_text(shown(group, *telling));
  }
  for (const auto& [name, members] : by(groups.size(), [&](std::size_t i) { return groups[i].name; })) {
    if (members.size() > 1 || name.empty()) add_columns(groups, members);
  }
  for (const auto& [name, members] : by(groups.size(), [&](std::size_t i) { return groups[i].name; })) {
    if (members.size() == 1 && !name.empty()) continue;
    for (std::size_t i : members) {
      const std::string place = job_or_place(groups, i);
      groups[i].name = name.empty() ? place : fmt::format("{} ({})", name, place);
    }
  }
}

// What the reader sees of a row that nothing else tells apart: its job, or else its place in the table.
std::string RowNames::job_or_place(const std::vector<RowGroup>& groups, std::size_t i) const {
  for (const TableSpec::Column& column : spec_.columns) {
    if (column.field == "job" && groups[i].rows.size() == 1) return fmt::format("job {}", cell_text(shown(groups[i], column)));
  }
  return fmt::format("row {}", i + 1);
}

// Of the other columns, those in which these rows differ.
void RowNames::add_columns(std::vector<RowGroup>& groups, const Members& members) const {
  const TableSpec::Column* telling = telling_column();
  for (const TableSpec::Column& column : columns()) {
    if (column.field == "job" || (telling && column.field == telling->field)) continue;
    std::set<std::string> values;
    for (std::size_t i : members) values.insert(cell_text(shown(groups[i], column)));
    if (values.size() < 2 && !groups[members.front()].name.empty()) continue;
    for (std::size_t i : members) {
      const TableCell cell = shown(groups[i], column);
      TableSpec::Column titled_column = column;
      if (column.title.empty()) titled_column.title = column.field;
      const std::string text = with_title(titled_column, cell, cell_text(cell));
      groups[i].name += groups[i].name.empty() ? text : ", " + text;
    }
  }
}

}  // namespace latentgrid
