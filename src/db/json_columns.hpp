#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <string>

#include "base/json.hpp"

namespace latentgrid::db {

std::string json_text(const Json& value);  // compact; what is not UTF-8 is replaced, never thrown at
void bind_json(SQLite::Statement& statement, int index,
               const Json& value);  // a scalar as itself, anything else as text

}  // namespace latentgrid::db
