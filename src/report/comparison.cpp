#include "report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "base/diagnostic.hpp"
#include "report/empty_clusters.hpp"
#include "report/fields.hpp"
#include "report/footnotes.hpp"
#include "report/grouping.hpp"
#include "report/held_axes.hpp"
#include "report/row_names.hpp"
#include "report/ties.hpp"

namespace latentgrid {

Estimate estimate(const std::vector<double>& values) {
  Estimate result;
  result.n = static_cast<std::int64_t>(values.size());
  if (values.size() > 1 && std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); })) {
    result.mean = values.front();  // a sum divided by n may differ from it in the last bit
    result.deviation = 0;
    return result;
  }
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (values.size() < 2) return result;
  double squares = 0;
  for (double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return result;
}

namespace {

std::optional<double> number_shown(const TableCell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell.value)) return static_cast<double>(*integer);
  const auto* text = std::get_if<std::string>(&cell.value);
  return text ? number_in(*text) : std::nullopt;
}

// Nothing is last, whatever the direction.
bool comes_before(const TableCell& a, const TableCell& b, bool descending) {
  const auto &x = a.value, &y = b.value;
  if (x.index() == 0 || y.index() == 0) return x.index() != 0 && y.index() == 0;
  const std::optional<double> first = number_shown(a), second = number_shown(b);
  if (first && second && !std::holds_alternative<Estimate>(x)) {  // real parameters are shown as texts
    return descending ? *first > *second : *first < *second;
  }
  if (x.index() != y.index()) return x.index() < y.index();
  if (const auto* left = std::get_if<Estimate>(&x)) {
    const double right = std::get<Estimate>(y).mean;
    return descending ? left->mean > right : left->mean < right;
  }
  const int order = std::get<std::string>(x).compare(std::get<std::string>(y));
  return descending ? order > 0 : order < 0;
}

// A combination of a pivot's rows and columns that no job has.
const TableCell not_in_grid = {std::string()};

class Comparison {
 public:
  Comparison(const TableSpec& spec, const ComparisonInput& input)
      : spec_(spec), input_(input), grouping_(spec, input), names_(spec, input, grouping_) {
    find_field(spec.replicate);
    if (spec.best) find_field(*spec.best);
    table_.name = spec.name;
    table_.title = spec.title;
    table_.caption = spec.caption;
    table_.show_n = spec.n;
    table_.marks_tied = spec.notes;
  }

  Table build() {
    groups_ = grouping_.groups();
    sort_groups();
    names_.give(groups_);
    Ranking ranking{std::vector<bool>(groups_.size()), std::vector<bool>(groups_.size()), {}, {}};
    if (spec_.best) ranking = rank(find_field(*spec_.best), spec_, input_, grouping_, groups_);
    if (spec_.pivot) {
      pivot(ranking);
    } else if (spec_.form == TableSpec::Form::tall) {
      tall(ranking);
    } else {
      wide(ranking);
    }
    table_.csv_columns = empty_cluster_columns(input_, groups_, groups_of_row_);
    add_problems();
    if (spec_.notes) add_notes(ranking);
    return std::move(table_);
  }

 private:
  TableCell cell(const RowGroup& group, const Field& field) const {
    if (field.kind() != ColumnKind::estimate) return grouping_.shown(group, field);
    std::vector<double> values;
    for (const auto& [replicate, value] : grouping_.measured(group, field)) values.push_back(value);
    return values.empty() ? TableCell{} : TableCell{estimate(values)};
  }

  // Marked where `field` is the one that the best is sought of.
  TableCell cell(std::size_t group, const Field& field, const Ranking& ranking) const {
    TableCell made = cell(groups_[group], field);
    if (spec_.best == field.name) {
      made.best = ranking.best[group];
      made.tied = ranking.tied[group];
    }
    return made;
  }

  void add_column(const TableSpec::Column& column, const std::string& prefix = "") {
    const bool best = spec_.best == column.field;
    const Field& field = find_field(column.field);
    const bool percent = grouping_.scale_of(field) != 1 && !column.title.empty();
    const std::string title = percent ? percent_title(column.title) : column.title;
    table_.columns.push_back({column.field, prefix + title, field.kind(), column.precision, best});
  }
  // Where rows look alike and no column of text could say what tells them apart.
  void add_missing_column() {
    if (names_.needs_column()) table_.columns.push_back({"label", "", ColumnKind::text, 0, false});
  }
  std::vector<TableCell> start_of_row(std::size_t group) const {
    if (!names_.needs_column()) return {};
    return {{groups_[group].difference}};
  }

  TableCell cell_of(std::size_t group, const TableSpec::Column& column, const Ranking& ranking) const {
    const Field& field = find_field(column.field);
    if (field.kind() == ColumnKind::estimate) return cell(group, field, ranking);
    return names_.shown(groups_[group], column);
  }

  void wide(const Ranking& ranking) {
    add_missing_column();
    for (const TableSpec::Column& column : spec_.columns) add_column(column);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      std::vector<TableCell> row = start_of_row(i);
      for (const TableSpec::Column& column : spec_.columns) row.push_back(cell_of(i, column, ranking));
      table_.rows.push_back(std::move(row));
      groups_of_row_.push_back({i});
    }
  }

  void tall(const Ranking& ranking) {
    std::vector<const TableSpec::Column*> fixed, measured;
    int precision = 0;
    for (const TableSpec::Column& column : spec_.columns) {
      const bool is_measured = find_field(column.field).kind() == ColumnKind::estimate;
      (is_measured ? measured : fixed).push_back(&column);
      if (is_measured) precision = std::max(precision, column.precision);
    }
    add_missing_column();
    for (const TableSpec::Column* column : fixed) add_column(*column);
    table_.columns.push_back({"measure", "measure", ColumnKind::text, 0, false});
    table_.columns.push_back({"value", "value", ColumnKind::estimate, precision, spec_.best.has_value()});
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      std::vector<TableCell> start = start_of_row(i);
      for (const TableSpec::Column* column : fixed) start.push_back(cell_of(i, *column, ranking));
      for (const TableSpec::Column* column : measured) {
        const std::string title = column->title.empty() ? title_of_field(column->field) : column->title;
        const bool percent = grouping_.scale_of(find_field(column->field)) != 1;
        std::vector<TableCell> row = start;
        row.push_back({percent ? percent_title(title) : title});
        row.push_back(cell_of(i, *column, ranking));
        row.back().precision = column->precision;
        table_.rows.push_back(std::move(row));
        groups_of_row_.push_back({i});
      }
    }
  }

  using Names = std::vector<std::string>;

  Names names(const RowGroup& group, const std::vector<TableSpec::Column>& columns) const {
    Names found;
    for (const TableSpec::Column& column : columns) {
      found.push_back(cell_text(grouping_.shown(group, find_field(column.field))));
    }
    return found;
  }

  // Integers ascending, texts as the groups first name them; so that t-SNE 2 stands beside t-SNE 8, whatever row has
  // it.
  std::vector<Names> pivot_columns() const {
    using Place = std::vector<std::pair<bool, std::int64_t>>;  // whether a text, its number: texts follow all integers
    std::map<std::string, std::int64_t> first_named;
    std::map<Place, Names> ordered;
    for (const RowGroup& group : groups_) {
      Place place;
      for (const TableSpec::Column& column : spec_.pivot->columns) {
        const TableCell cell = grouping_.shown(group, find_field(column.field));
        const auto* number = std::get_if<std::int64_t>(&cell.value);
        const auto next = static_cast<std::int64_t>(first_named.size());
        place.emplace_back(!number, number ? *number : first_named.try_emplace(cell_text(cell), next).first->second);
      }
      ordered.emplace(std::move(place), names(group, spec_.pivot->columns));
    }
    std::vector<Names> columns;
    for (auto& [place, name] : ordered) columns.push_back(std::move(name));
    return columns;
  }

  void add_notes(const Ranking& ranking) {
    Notes notes = notes_of(spec_, input_, grouping_, groups_, ranking);
    table_.footnotes = std::move(notes.footnotes);
    table_.details = std::move(notes.details);
    if (spec_.pivot) add_what_is_blank();
    const std::vector<HeldAxis> unsaid = unsaid_axes(spec_, input_.held, names_.latent_is_said());
    std::vector<std::string> same = held_sentences(unsaid, spec_.pivot ? "cells" : "rows");
    if (const std::string& common = names_.unless_said(); !common.empty()) {
      same.insert(same.begin(), fmt::format("Where it applies, and unless a row says otherwise: {}.", common));
    }
    if (const std::string of = names_.in_every_row(); !of.empty()) same.insert(same.begin(), fmt::format("All rows are of {}.", of));
    table_.footnotes.insert(table_.footnotes.begin(), same.begin(), same.end());
  }

  void add_problems() {
    if (groups_.empty() && !spec_.where.is_null()) {
      table_.problems.push_back("no job meets the conditions of its `where`");
    }
    std::vector<std::string> known;
    for (const RowGroup& group : groups_) known.push_back(group.name);
    for (const std::string& unused : names_.titles_of_nothing()) {
      const std::string close = closest_match(unused, known);
      table_.problems.push_back(fmt::format("row_titles has a title for '{}', but no row is called that{}", unused,
                                            close.empty() ? "" : fmt::format("; did you mean '{}'?", close)));
    }
  }

  // A job that is missing has a row of the database, and its cell a dash.
  void add_what_is_blank() {
    const std::size_t values = spec_.pivot->values.size();
    const std::size_t cells = table_.rows.size() * (table_.columns.size() - spec_.pivot->rows.size());
    const std::size_t blank = cells - groups_.size() * values;
    if (blank > 0) table_.footnotes.push_back(fmt::format("Blank cells are not in the grid ({} of {}).", blank, cells));
  }

  void add_pivot_columns(const std::vector<Names>& column_names) {
    const TableSpec::Pivot& pivot = *spec_.pivot;
    for (const TableSpec::Column& column : pivot.rows) add_column(column);
    const bool name_values = pivot.values.size() > 1 || pivot.columns.empty();
    for (const Names& over : column_names) {
      Names levels;
      std::string prefix;
      for (const std::string& name : over) levels.push_back(names_.titled(name));
      for (const std::string& level : levels) prefix += level + ", ";
      if (!name_values) prefix.resize(prefix.size() - 2);
      for (TableSpec::Column column : pivot.values) {
        if (!name_values) column.title.clear();
        add_column(column, prefix);
        TableColumn& added = table_.columns.back();
        added.levels = levels;
        if (name_values) added.levels.push_back(added.title.substr(prefix.size()));
      }
    }
  }

  // Rows in the order in which the (sorted) groups first name them.
  void pivot(const Ranking& ranking) {
    const TableSpec::Pivot& pivot = *spec_.pivot;
    std::map<Names, std::size_t> row_of, column_of;
    const std::vector<Names> column_names = pivot_columns();
    for (const Names& column : column_names) column_of.emplace(column, column_of.size());
    add_pivot_columns(column_names);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const auto [found, fresh] = row_of.emplace(names(groups_[i], pivot.rows), table_.rows.size());
      if (fresh) {
        std::vector<TableCell> row;
        for (const TableSpec::Column& column : pivot.rows) {
          row.push_back(names_.shown(groups_[i], column));
        }
        row.resize(table_.columns.size(), not_in_grid);
        table_.rows.push_back(std::move(row));
        groups_of_row_.emplace_back();
      }
      groups_of_row_[found->second].push_back(i);
      const std::size_t first =
          pivot.rows.size() + column_of.at(names(groups_[i], pivot.columns)) * pivot.values.size();
      for (std::size_t v = 0; v < pivot.values.size(); ++v) {
        table_.rows[found->second][first + v] = cell(i, find_field(pivot.values[v].field), ranking);
      }
    }
  }

  void sort_groups() {
    if (!spec_.sort) return;
    const Field& field = find_field(spec_.sort->field);
    if (is_metric(field.name, &Metric::of_one_embedding) && several_embeddings(input_, groups_)) return;  // an order would rank them
    std::vector<std::pair<TableCell, RowGroup>> keyed;
    for (RowGroup& group : groups_) keyed.emplace_back(cell(group, field), std::move(group));
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {  // ties keep the order of the file
      return comes_before(a.first, b.first, spec_.sort->descending);
    });
    for (std::size_t i = 0; i < keyed.size(); ++i) groups_[i] = std::move(keyed[i].second);
  }

  const TableSpec& spec_;
  const ComparisonInput& input_;
  Grouping grouping_;
  RowNames names_;
  std::vector<RowGroup> groups_;
  std::vector<std::vector<std::size_t>> groups_of_row_;
  Table table_;
};

}  // namespace

Table compare(const TableSpec& spec, const ComparisonInput& input) {
  return Comparison(spec, input).build();
}

}  // namespace latentgrid
