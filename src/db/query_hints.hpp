#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <string_view>

namespace latentgrid::db {

// The remedy for what SQLite says of a query, as "\n  hint: ...": a table, column or function that the database does not
// have, or that takes other arguments. "" for another message.
std::string query_hint(const SQLite::Database& database, std::string_view message);

}  // namespace latentgrid::db
