#include "db/task_table.hpp"

#include <fmt/format.h>

namespace latentgrid::db {

namespace {

constexpr const char* insert_task = "INSERT INTO tasks (key, extent, stage) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
constexpr const char* find_task = "SELECT id FROM tasks WHERE key = ? AND extent = ? AND stage = ?";

std::int64_t row_of(SQLite::Database& database, SQLite::Statement& insert, SQLite::Statement& find, const TaskName& task) {
  const auto bind = [&](SQLite::Statement& statement) {
    statement.reset();
    statement.bindNoCopy(1, task.key);
    statement.bind(2, task.extent);
    statement.bindNoCopy(3, task.stage);
  };
  bind(insert);
  if (insert.exec() == 1) return database.getLastInsertRowid();
  bind(find);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

}  // namespace

TaskTable::TaskTable(SQLite::Database& database)
    : database_(database),
      insert_(database, insert_task),
      find_(database, find_task) {}

std::int64_t TaskTable::intern(const std::string& stage, const ArtifactId& artifact) {
  auto [known, is_new] = ids_.try_emplace(fmt::format("{}/{}/{}", artifact.key, artifact.extent, stage), 0);
  if (!is_new) return known->second;
  return known->second = row_of(database_, insert_, find_, {stage, artifact.key, artifact.extent});
}

std::vector<std::int64_t> intern_all(SQLite::Database& database, const JobList::Tasks& tasks) {
  std::vector<std::int64_t> rows(tasks.count);
  SQLite::Statement insert(database, insert_task), find(database, find_task);
  for (std::size_t number = 0; number < tasks.count; ++number) rows[number] = row_of(database, insert, find, tasks.name(number));
  return rows;
}

}  // namespace latentgrid::db
