#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/records.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::db {

// Gives every (stage, key, extent) its row of `tasks`, once. Lives no longer than a transaction: it remembers ids.
class TaskTable {
 public:
  explicit TaskTable(SQLite::Database& database);
  std::int64_t intern(const std::string& stage, const ArtifactId& artifact);

 private:
  SQLite::Database& database_;
  SQLite::Statement insert_, find_;
  std::unordered_map<std::string, std::int64_t> ids_;
};

// The rows of all of them, by their numbers. In the order of the list, which is about that of the work: what is recorded together lies together.
std::vector<std::int64_t> intern_all(SQLite::Database& database, const JobList::Tasks& tasks);

}  // namespace latentgrid::db
