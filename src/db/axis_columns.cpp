#include "db/axis_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "base/key.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

std::size_t jobs_of_revision(SQLite::Database& database, std::int64_t revision) {
  Statement count(database, "SELECT count(*) FROM sweep_jobs WHERE revision = ?");
  count.bind(1, revision);
  count.executeStep();
  return static_cast<std::size_t>(count.getColumn(0).getInt64());
}

// What makes two values one: 10 and 10.0 are the same number, "10" is text.
std::string value_identity(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return fmt::format("t{}", *text);
  return fmt::format("n{}", real_to_text(*number_of(cell)));
}

// Collects one axis; values get their index as they appear.
struct CollectedAxis {
  explicit CollectedAxis(std::string name, std::size_t jobs) {
    column.name = std::move(name);
    column.value_of.assign(jobs, -1);
  }

  void add(std::size_t position, Cell value) {
    auto [found, is_new] = known.try_emplace(value_identity(value), static_cast<int>(column.values.size()));
    if (is_new) column.values.push_back(std::move(value));
    column.value_of[position] = found->second;
  }

  AxisColumn sorted() && {
    std::vector<int> order(column.values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      const auto first = number_of(column.values[a]), second = number_of(column.values[b]);
      return first && second ? *first < *second : first && !second;
    });
    std::vector<int> rank(order.size());
    std::vector<Cell> values;
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank[order[i]] = static_cast<int>(i);
      values.push_back(std::move(column.values[order[i]]));
    }
    column.values = std::move(values);
    for (int& value : column.value_of) value = value < 0 ? -1 : rank[value];
    return std::move(column);
  }

  AxisColumn column;
  std::unordered_map<std::string, int> known;
};

}  // namespace

std::vector<AxisColumn> axis_columns(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    SQLite::Database& database = db.impl().database;
    const std::size_t jobs = jobs_of_revision(database, revision);
    std::map<std::string, CollectedAxis, std::less<>> axes;
    Statement rows(database,
                   "SELECT o.position, p.axis, p.value FROM sweep_jobs o CROSS JOIN job_params p ON p.job = o.job "
                   "WHERE o.revision = ? ORDER BY o.position");
    rows.bind(1, revision);
    while (rows.executeStep()) {
      if (rows.getColumn(2).isNull()) continue;
      const std::string_view name = rows.getColumn(1).getText();
      auto found = axes.find(name);
      if (found == axes.end()) found = axes.emplace(name, CollectedAxis(std::string(name), jobs)).first;
      found->second.add(static_cast<std::size_t>(rows.getColumn(0).getInt64()), db::cell(rows.getColumn(2)));
    }
    std::vector<AxisColumn> columns;
    for (auto& [name, axis] : axes) columns.push_back(std::move(axis).sorted());
    return columns;
  });
}

std::vector<std::int64_t> embedding_tasks(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    std::vector<std::int64_t> tasks(jobs_of_revision(db.impl().database, revision), -1);
    // The bare column is of the row that has the maximum (SQLite, "Bare columns in an aggregate query").
    Statement rows(db.impl().database,
                   "SELECT o.position, p.task, max(p.position) FROM sweep_jobs o "
                   "CROSS JOIN job_tasks p ON p.job = o.job AND p.stage IN ('encode', 'reduce') "
                   "WHERE o.revision = ? GROUP BY o.position");
    rows.bind(1, revision);
    while (rows.executeStep()) {
      tasks[static_cast<std::size_t>(rows.getColumn(0).getInt64())] = rows.getColumn(1).getInt64();
    }
    return tasks;
  });
}

}  // namespace latentgrid
