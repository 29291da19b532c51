#include "db/task_table.hpp"

#include <fmt/format.h>

namespace latentgrid::db {

TaskTable::TaskTable(SQLite::Database& database)
    : database_(database),
      insert_(database, "INSERT INTO tasks (key, extent, stage) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      find_(database, "SELECT id FROM tasks WHERE key = ? AND extent = ? AND stage = ?") {}

std::int64_t TaskTable::intern(const std::string& stage, const ArtifactId& artifact) {
  auto [known, is_new] = ids_.try_emplace(fmt::format("{}/{}/{}", artifact.key, artifact.extent, stage), 0);
  if (!is_new) return known->second;
  for (SQLite::Statement* statement : {&insert_, &find_}) {
    statement->reset();
    statement->bindNoCopy(1, artifact.key);
    statement->bind(2, artifact.extent);
    statement->bindNoCopy(3, stage);
  }
  if (insert_.exec() == 1) return known->second = database_.getLastInsertRowid();
  find_.executeStep();
  return known->second = find_.getColumn(0).getInt64();
}

}  // namespace latentgrid::db
