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

// migrations()[i] leads from schema version i + 1 to i + 2. The current version is one more than their number.
const std::vector<const char*>& migrations();
int current_version();
// The first version with the tables of the current one: it and what follows can be read as they are. Only views changed
// since, which are no part of the schema any more (db/views.hpp).
inline constexpr int first_readable_version = 3;

enum class SchemaState { empty, older, current, newer, foreign };
SchemaState schema_state(SQLite::Database& database, int version);

// Brings an empty or older database to the last version, in one transaction: an empty one gets `schema`, an older one
// the migrations it lacks. Throws Error for a newer file or one that is not ours.
void migrate(SQLite::Database& database, const char* schema, const std::vector<const char*>& steps);

}  // namespace latentgrid::db
