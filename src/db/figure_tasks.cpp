#include "db/figure_tasks.hpp"

#include <algorithm>
#include <tuple>

#include "db/impl.hpp"
#include "db/task_table.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

auto order_of(const FigureTaskRow& row) {
  return std::tie(row.figure, row.panel, row.role, row.job, row.stage, row.artifact);
}

}  // namespace

std::vector<FigureTaskRow> figure_tasks(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database,
                   "SELECT p.figure, p.panel, p.role, p.job, t.stage, t.key, t.extent FROM pictures p "
                   "JOIN tasks t ON t.id = p.task WHERE p.revision = ? ORDER BY p.figure, p.panel, p.role");
    rows.bind(1, revision);
    std::vector<FigureTaskRow> found;
    while (rows.executeStep()) {
      auto text = [&](int column) { return rows.getColumn(column).getString(); };
      found.push_back({text(0), rows.getColumn(1).getInt64(), text(2), text(3), text(4), {text(5), rows.getColumn(6).getInt64()}});
    }
    return found;
  });
}

void set_figure_tasks(ResultsDb& db, std::int64_t revision, const std::vector<FigureTaskRow>& wanted) {
  std::vector<FigureTaskRow> sorted = wanted;
  auto by_order = [](const FigureTaskRow& a, const FigureTaskRow& b) { return order_of(a) < order_of(b); };
  std::sort(sorted.begin(), sorted.end(), by_order);
  const std::vector<FigureTaskRow> known = figure_tasks(db, revision);
  const bool same = std::equal(sorted.begin(), sorted.end(), known.begin(), known.end(),
                               [](const FigureTaskRow& a, const FigureTaskRow& b) { return order_of(a) == order_of(b); });
  if (same) return;
  db::guarded("record the figures in", db.impl().file, [&] {
    SQLite::Transaction transaction(db.impl().database, SQLite::TransactionBehavior::IMMEDIATE);
    Statement remove(db.impl().database, "DELETE FROM pictures WHERE revision = ?");
    remove.bind(1, revision);
    remove.exec();
    db::TaskTable tasks(db.impl().database);
    Statement insert(db.impl().database,
                     "INSERT INTO pictures (revision, figure, panel, role, job, task) VALUES (?, ?, ?, ?, ?, ?)");
    for (const FigureTaskRow& row : sorted) {
      insert.reset();
      insert.bind(1, revision);
      insert.bind(2, row.figure);
      insert.bind(3, row.panel);
      insert.bind(4, row.role);
      insert.bind(5, row.job);
      insert.bind(6, tasks.intern(row.stage, row.artifact));
      insert.exec();
    }
    transaction.commit();
  });
}

}  // namespace latentgrid
