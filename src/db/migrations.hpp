#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace latentgrid::db {

// "LGRD": tells a results database from any other SQLite file (PRAGMA application_id).
inline constexpr int application_id = 0x4C475244;

extern const char* const current_schema;  // schema.sql
extern const char* const to_version_2;    // migrations/v2.sql
extern const char* const to_version_3;    // migrations/v3.sql
extern const char* const to_version_4;    // migrations/v4.sql
extern const char* const to_version_5;    // migrations/v5.sql

// migrations()[i] leads from schema version i + 1 to i + 2. The current version is one more than their number.
const std::vector<const char*>& migrations();
int current_version();

enum class SchemaState { empty, older, current, newer, foreign };
SchemaState schema_state(SQLite::Database& database, int version);

// Brings an empty or older database to the last version, in one transaction: an empty one gets `schema`, an older one
// the migrations it lacks. Throws Error for a newer file or one that is not ours.
void migrate(SQLite::Database& database, const char* schema, const std::vector<const char*>& steps);

}  // namespace latentgrid::db
