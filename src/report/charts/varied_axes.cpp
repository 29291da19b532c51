#include "report/charts/varied_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "columns/fields.hpp"
#include "methods/parameter_names.hpp"
#include "report/charts/common.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"

namespace latentgrid::charts {

namespace {

// The way of the data, for axes that change equally often.
std::size_t stage_order(const std::string& axis) {
  static const std::vector<std::string> order = axes_of_every_job();
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), axis) - order.begin());
}

std::size_t changes(const std::vector<int>& values) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < values.size(); ++i) count += values[i] != values[i - 1];
  return count;
}

// The part of an axis that these jobs have.
VariedAxis among(const AxisColumn& column, const std::vector<std::size_t>& rows) {
  VariedAxis axis{.name = column.name};
  std::vector<int> index(column.values.size(), -1);
  for (std::size_t row : rows) {
    if (const int value = column.value_of.at(row); value >= 0) index[static_cast<std::size_t>(value)] = 0;
  }
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (index[i] < 0) continue;
    index[i] = static_cast<int>(axis.values.size());
    axis.values.push_back(column.values[i]);
  }
  for (std::size_t row : rows) {
    const int value = column.value_of.at(row);
    axis.value_of.push_back(value < 0 ? -1 : index[static_cast<std::size_t>(value)]);
  }
  axis.numeric = std::all_of(axis.values.begin(), axis.values.end(), [&](const Cell& cell) {
    const std::optional<double> number = number_of(cell);
    return number && value_word(axis.name, *number).empty();  // `auto`, `true` and `false` have no place among numbers
  });
  return axis;
}

// `pca.dim` and `kmeans.k` are axes of the grid under another name than their column's; where a job has them they say
// what reduced_dim and k say.
bool repeats_another(const AxisColumn& column, const std::vector<AxisColumn>& columns) {
  const std::string_view same = repeated_column(column.name);
  auto other =
      std::find_if(columns.begin(), columns.end(), [&](const AxisColumn& known) { return known.name == same; });
  if (other == columns.end()) return false;
  for (std::size_t job = 0; job < column.value_of.size(); ++job) {
    const int value = column.value_of[job], other_value = other->value_of[job];
    if (value < 0) continue;
    if (other_value < 0 ||
        column.values[static_cast<std::size_t>(value)] != other->values[static_cast<std::size_t>(other_value)]) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string VariedAxis::title() const { return title_of_field(name); }

std::string VariedAxis::text(const Cell& value) const { return value_text(name, value); }

std::size_t VariedAxis::jobs_with_value() const {
  return static_cast<std::size_t>(
      std::count_if(value_of.begin(), value_of.end(), [](int value) { return value >= 0; }));
}

FigureAxis VariedAxis::scale() const {
  FigureAxis scale{.title = title()};
  if (numeric) {
    scale.log = wants_log_scale(*number_of(values.front()), *number_of(values.back()));
  } else {
    for (const Cell& value : values) scale.categories.push_back(text(value));
  }
  return scale;
}

double VariedAxis::coordinate(int value) const {
  return numeric ? *number_of(values.at(static_cast<std::size_t>(value))) : static_cast<double>(value);
}

std::vector<VariedAxis> varied_axes(const ReportData& data, const std::vector<std::size_t>& rows) {
  const std::vector<AxisColumn>& columns = data.axes();
  struct Order {
    std::size_t changes, stage;
    std::string name;
    auto operator<=>(const Order&) const = default;
  };
  std::vector<std::pair<Order, VariedAxis>> found;
  for (const AxisColumn& column : columns) {
    VariedAxis axis = among(column, rows);
    if (axis.values.size() < 2 || repeats_another(column, columns)) continue;
    found.emplace_back(Order{changes(column.value_of), stage_order(column.name), column.name}, std::move(axis));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<VariedAxis> axes;
  for (auto& [order, axis] : found) axes.push_back(std::move(axis));
  return axes;
}

std::optional<ScoredAxes> scored_axes(const ReportData& data, const Json& spec, Figure& figure) {
  ScoredAxes scored{scored_jobs(data, spec), {}};
  if (scored.jobs.omission.empty()) scored.axes = varied_axes(data, scored.jobs.rows);
  if (!scored.axes.empty()) return scored;
  figure.omissions.push_back(!scored.jobs.omission.empty()
                            ? scored.jobs.omission
                            : fmt::format("No axis varies among the {} with a value of {}.",
                                          counted(scored.jobs.rows.size(), "complete job"), scored.jobs.score));
  figure.caption = scored.jobs.left_out;
  return std::nullopt;
}

bool follows(const VariedAxis& outer, const VariedAxis& inner) {
  std::vector<int> goes_with(inner.values.size() + 1, -2);  // the first is of jobs without a value
  for (std::size_t job = 0; job < outer.value_of.size(); ++job) {
    if (outer.value_of[job] < 0) continue;
    int& known = goes_with[static_cast<std::size_t>(inner.value_of[job] + 1)];
    if (known == -2) known = outer.value_of[job];
    if (known != outer.value_of[job]) return false;
  }
  return true;
}

std::vector<std::vector<std::string>> changing_together(const std::vector<VariedAxis>& axes) {
  std::vector<std::vector<std::string>> groups;
  std::vector<bool> named(axes.size());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    std::vector<std::string> group = {axes[i].title()};
    for (std::size_t k = i + 1; k < axes.size() && !named[i]; ++k) {
      if (named[k] || !follows(axes[i], axes[k]) || !follows(axes[k], axes[i])) continue;
      group.push_back(axes[k].title());
      named[k] = true;
    }
    if (group.size() > 1) groups.push_back(std::move(group));
  }
  return groups;
}

bool is_balanced(const std::vector<VariedAxis>& axes, std::size_t jobs) {
  std::vector<const VariedAxis*> free = {};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const bool given = std::any_of(axes.begin(), axes.end(), [&](const VariedAxis& other) {
      const auto k = static_cast<std::size_t>(&other - axes.data());
      // Of axes that follow from each other the first is kept.
      return k != i && follows(axes[i], other) && (k < i || !follows(other, axes[i]));
    });
    if (!given || axes[i].jobs_with_value() < jobs) free.push_back(&axes[i]);
  }
  double combinations = 1;
  for (const VariedAxis* axis : free) combinations *= static_cast<double>(axis->values.size());
  if (combinations > static_cast<double>(jobs)) return false;
  std::map<std::vector<int>, std::size_t> count;
  std::vector<int> combination(free.size());
  for (std::size_t job = 0; job < jobs; ++job) {
    for (std::size_t i = 0; i < free.size(); ++i) {
      combination[i] = free[i]->value_of[job];
      if (combination[i] < 0) return false;
    }
    ++count[combination];
  }
  if (static_cast<double>(count.size()) < combinations) return false;
  return std::all_of(count.begin(), count.end(),
                     [&](const auto& entry) { return entry.second == count.begin()->second; });
}

std::vector<std::string> missing_value_sentences(const std::vector<VariedAxis>& axes, std::size_t jobs) {
  std::vector<std::string> sentences;
  for (const VariedAxis& axis : axes) {
    const std::size_t with_value = axis.jobs_with_value();
    if (with_value == jobs) continue;
    sentences.push_back(fmt::format("Only {} of these {} have a value on the axis '{}'.", with_value, counted(jobs, "job"), axis.title()));
  }
  return sentences;
}

}  // namespace latentgrid::charts
