#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <set>
#include <string>

namespace latentgrid::db {

// What SQL of ours may use beside SQLite's own functions:
//   stddev(x), variance(x)      of a sample (n - 1); NULL for fewer than two values
//   stddev_pop(x)               of a population (n); NULL for none
//   median(x)                   the mean of the two in the middle where their number is even
//   quantile(x, q)              q from 0 to 1, between two values linearly: numpy.quantile's default
//   parameter(name, params, clustering)   of a row of `jobs` or `results`: parameter('tsne.perplexity', params, clustering);
//                               NULL for a job without it, an error where no job of the database has it
//   parameter_or_null(name, params, clustering)   the same, but never an error
// NULLs are left out; a text that is no number is an error.
void add_functions(SQLite::Database& database);

// The names that parameter() has a value for in some job.
std::set<std::string> parameters_of_all_jobs(sqlite3* connection);

}  // namespace latentgrid::db
