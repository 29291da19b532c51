#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

// What a reader of the database sees that is newer than the file's schema. Views of a connection shadow those of the file and
// write nothing to it, so they may change without a new version of the schema.
namespace latentgrid::db {

// The view `results` as schema.sql has it, but with public and private accuracy only where the sweep has a `split:`, and
// with the column `range`.
void add_views(SQLite::Database& database);

// SQL for the range of the images' values, "[-1, 1]" or "[0, 1]", by a column that holds a job's parameters.
std::string range_sql(const std::string& params);

}  // namespace latentgrid::db
