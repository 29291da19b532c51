#include "db/functions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "columns/names.hpp"
#include "columns/parameters.hpp"

namespace latentgrid::db {

namespace {

void fail(sqlite3_context* context, const std::string& message) {
  sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
}

const char* name_of(sqlite3_context* context) {
  return static_cast<const char*>(sqlite3_user_data(context));
}

bool is_number(sqlite3_value* value) {
  const int type = sqlite3_value_numeric_type(value);
  return type == SQLITE_INTEGER || type == SQLITE_FLOAT;
}

// An aggregate's state lies in memory of SQLite's, zeroed; this is what is kept there.
template <typename State>
State* state_of(sqlite3_context* context, bool make) {
  auto** place = static_cast<State**>(sqlite3_aggregate_context(context, make ? sizeof(State*) : 0));
  if (!place) return nullptr;
  if (!*place && make) *place = new (std::nothrow) State();
  return *place;
}

// Of the first argument: false for NULL, and after fail().
bool takes(sqlite3_context* context, sqlite3_value* value) {
  if (sqlite3_value_type(value) == SQLITE_NULL) return false;
  if (is_number(value)) return true;
  fail(context, fmt::format("{}() takes numbers, but '{}' is not one", name_of(context),
                            reinterpret_cast<const char*>(sqlite3_value_text(value))));
  return false;
}

// Welford's running mean and sum of squared deviations.
struct Moments {
  std::int64_t n = 0;
  double mean = 0, squares = 0;
};

void add_to_moments(sqlite3_context* context, int, sqlite3_value** values) {
  if (!takes(context, values[0])) return;
  auto* moments = state_of<Moments>(context, true);
  if (!moments) return sqlite3_result_error_nomem(context);
  const double value = sqlite3_value_double(values[0]);
  ++moments->n;
  const double off = value - moments->mean;
  moments->mean += off / static_cast<double>(moments->n);
  moments->squares += off * (value - moments->mean);
}

enum class Spread { stddev, variance, stddev_pop };

template <Spread spread>
void finish_moments(sqlite3_context* context) {
  auto* moments = state_of<Moments>(context, false);
  const std::int64_t degrees = !moments ? 0 : spread == Spread::stddev_pop ? moments->n : moments->n - 1;
  if (degrees < 1) {
    sqlite3_result_null(context);
  } else {
    const double variance = moments->squares / static_cast<double>(degrees);
    sqlite3_result_double(context, spread == Spread::variance ? variance : std::sqrt(variance));
  }
  delete moments;
}

struct Values {
  std::vector<double> values;
  double quantile = 0.5;
};

void add_to_values(sqlite3_context* context, int count, sqlite3_value** values) {
  if (!takes(context, values[0])) return;
  auto* all = state_of<Values>(context, true);
  if (!all) return sqlite3_result_error_nomem(context);
  if (count > 1) {
    const double quantile = sqlite3_value_double(values[1]);
    if (!is_number(values[1]) || !(quantile >= 0 && quantile <= 1)) {
      return fail(context, "quantile(x, q) takes a q from 0 to 1, for example quantile(accuracy, 0.25)");
    }
    all->quantile = quantile;
  }
  all->values.push_back(sqlite3_value_double(values[0]));
}

void finish_values(sqlite3_context* context) {
  auto* all = state_of<Values>(context, false);
  if (!all || all->values.empty()) {
    sqlite3_result_null(context);
  } else {
    std::sort(all->values.begin(), all->values.end());
    const double place = all->quantile * static_cast<double>(all->values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, all->values.size() - 1);
    const double share = place - static_cast<double>(below);
    sqlite3_result_double(context, all->values[below] + share * (all->values[above] - all->values[below]));
  }
  delete all;
}

void result(sqlite3_context* context, const Json& value) {
  if (value.is_null()) return sqlite3_result_null(context);
  if (value.is_boolean()) return sqlite3_result_int(context, value.get<bool>());
  if (value.is_number_integer()) return sqlite3_result_int64(context, value.get<std::int64_t>());
  if (value.is_number()) return sqlite3_result_double(context, value.get<double>());
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

std::string text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text ? std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value))) : "";
}

// What is kept between the rows of a query.
struct ParameterFunction {
  ParameterReader reader;
  std::set<std::string, std::less<>> known;  // names that some job has, so far
};

// Calls of SQLite on the connection of a running query; what goes wrong is no row.
template <typename Row>
void for_each_row(sqlite3* connection, const char* sql, Row row) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr) != SQLITE_OK) return;
  auto text = [&](int column) {
    const auto* found = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return std::string(found ? found : "");
  };
  while (sqlite3_step(statement) == SQLITE_ROW) row(text);
  sqlite3_finalize(statement);
}

std::set<std::string> columns_of_results(sqlite3* connection) {
  std::set<std::string> columns;
  for_each_row(connection, "SELECT name FROM pragma_table_info('results')", [&](const auto& text) { columns.insert(text(0)); });
  return columns;
}

}  // namespace

std::set<std::string> parameters_of_all_jobs(sqlite3* connection) {
  std::set<std::string> names;
  for_each_row(connection, "SELECT DISTINCT params, clustering FROM jobs", [&](const auto& text) {
    for (JobParameter& one : parameters_in(Json::parse(text(0), nullptr, false), text(1))) names.insert(std::move(one.name));
  });
  for_each_row(connection, "SELECT DISTINCT axis FROM job_params", [&](const auto& text) { names.insert(text(0)); });
  return names;
}

namespace {

// Why no job has it; "" if one has.
std::string no_such_parameter(sqlite3* connection, const std::string& name) {
  const std::set<std::string> columns = columns_of_results(connection);
  if (columns.contains(name)) return fmt::format("'{0}' is a column of results: write {0} instead of parameter('{0}', ...)", name);
  std::set<std::string> names = parameters_of_all_jobs(connection);
  if (names.contains(name)) return "";
  for (const std::string& column : columns) names.erase(column);
  const std::vector<std::string> known(names.begin(), names.end());
  const std::string meant = did_you_mean(close_matches(name, known));
  if (!meant.empty()) return fmt::format("no job has a parameter '{}'; {}", name, meant);
  return fmt::format("no job has a parameter '{}'; there are {}", name, fmt::join(known, ", "));
}

void parameter(sqlite3_context* context, int, sqlite3_value** values) {
  auto* function = static_cast<ParameterFunction*>(sqlite3_user_data(context));
  const std::string name = canonical_column(text_of(values[0]));
  const Json value = function->reader.value(name, text_of(values[1]), text_of(values[2]));
  if (value.is_null() && !function->known.contains(name)) {
    const std::string problem = no_such_parameter(sqlite3_context_db_handle(context), name);
    if (!problem.empty()) return fail(context, problem);
    function->known.insert(name);
  }
  result(context, value);
}

void parameter_or_null(sqlite3_context* context, int, sqlite3_value** values) {
  auto* reader = static_cast<ParameterReader*>(sqlite3_user_data(context));
  result(context, reader->value(text_of(values[0]), text_of(values[1]), text_of(values[2])));
}

template <typename State>
void add_parameter_function(sqlite3* connection, const char* name, void (*call)(sqlite3_context*, int, sqlite3_value**)) {
  sqlite3_create_function_v2(connection, name, 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC, new State(), call, nullptr, nullptr,
                             [](void* state) { delete static_cast<State*>(state); });
}

void add_aggregate(sqlite3* connection, const char* name, int arguments,
                   void (*step)(sqlite3_context*, int, sqlite3_value**), void (*finish)(sqlite3_context*)) {
  sqlite3_create_function_v2(connection, name, arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC, const_cast<char*>(name),
                             nullptr, step, finish, nullptr);
}

}  // namespace

void add_functions(SQLite::Database& database) {
  sqlite3* connection = database.getHandle();
  add_aggregate(connection, "stddev", 1, add_to_moments, finish_moments<Spread::stddev>);
  add_aggregate(connection, "variance", 1, add_to_moments, finish_moments<Spread::variance>);
  add_aggregate(connection, "stddev_pop", 1, add_to_moments, finish_moments<Spread::stddev_pop>);
  add_aggregate(connection, "median", 1, add_to_values, finish_values);
  add_aggregate(connection, "quantile", 2, add_to_values, finish_values);
  add_parameter_function<ParameterFunction>(connection, "parameter", parameter);
  add_parameter_function<ParameterReader>(connection, "parameter_or_null", parameter_or_null);
}

}  // namespace latentgrid::db
