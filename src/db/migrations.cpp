#include "db/migrations.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid::db {

const std::vector<const char*>& migrations() {
  constexpr const char* views_alone = "";
  static const std::vector<const char*> steps = {to_version_2, to_version_3, views_alone, views_alone};
  return steps;
}

int current_version() {
  return static_cast<int>(migrations().size()) + 1;
}

SchemaState schema_state(SQLite::Database& database, int version) {
  int found = database.execAndGet("PRAGMA user_version").getInt();
  int id = database.execAndGet("PRAGMA application_id").getInt();
  bool bare = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
  if (bare && found == 0 && id == 0) return SchemaState::empty;
  if (id != application_id || found < 1) return SchemaState::foreign;
  if (found > version) return SchemaState::newer;
  return found == version ? SchemaState::current : SchemaState::older;
}

void migrate(SQLite::Database& database, const char* schema, const std::vector<const char*>& steps) {
  const int version = static_cast<int>(steps.size()) + 1;
  if (schema_state(database, version) == SchemaState::current) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  // Asked again: another process may have migrated before this one got the lock.
  switch (schema_state(database, version)) {
    case SchemaState::current:
      return;
    case SchemaState::foreign:
      throw Error(
          fmt::format("{} is an SQLite database, but not one of latentgrid's; name another folder with --results",
                      database.getFilename()));
    case SchemaState::newer:
      throw Error(
          fmt::format("{} was written by a newer latentgrid (schema {}, this program knows up to {}); use that one, "
                      "or another folder with --results",
                      database.getFilename(), database.execAndGet("PRAGMA user_version").getInt(), version));
    case SchemaState::empty:
      database.exec(schema);
      break;
    case SchemaState::older:
      for (int from = database.execAndGet("PRAGMA user_version").getInt(); from < version; ++from) {
        database.exec(steps[static_cast<std::size_t>(from) - 1]);
      }
      break;
  }
  database.exec(fmt::format("PRAGMA application_id = {}", application_id));
  database.exec(fmt::format("PRAGMA user_version = {}", version));
  transaction.commit();
}

}  // namespace latentgrid::db
