#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <cstdint>
#include <string>
#include <unordered_map>

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

}  // namespace latentgrid::db
