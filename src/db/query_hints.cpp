#include "db/query_hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/text.hpp"
#include "columns/names.hpp"
#include "db/functions.hpp"

namespace latentgrid::db {

namespace {

// What other programs call a function that this one has.
struct OtherName {
  std::string_view name, remedy;
};
constexpr std::string_view deviation = "stddev(x) is the standard deviation of a sample, stddev_pop(x) of a population",
                           of_sample = "variance(x) is the variance of a sample",
                           of_population = "stddev_pop(x) is the standard deviation of a population; its square is the variance",
                           mean = "avg(x) is the mean",
                           quantiles = "quantile(x, q) with a q from 0 to 1, for example quantile(accuracy, 0.25)",
                           distinct = "count(DISTINCT x) counts the different values",
                           parameters = "parameter('NAME', params, clustering) reads a parameter of a job";
constexpr std::array other_names = {
    OtherName{"std", deviation},           OtherName{"stdev", deviation},       OtherName{"stddev_samp", deviation},
    OtherName{"stdev_samp", deviation},    OtherName{"sd", deviation},          OtherName{"stdev_pop", deviation},
    OtherName{"stdevp", deviation},        OtherName{"std_dev", deviation},     OtherName{"var", of_sample},
    OtherName{"var_samp", of_sample},      OtherName{"variance_samp", of_sample}, OtherName{"var_pop", of_population},
    OtherName{"variance_pop", of_population}, OtherName{"varp", of_population}, OtherName{"mean", mean},
    OtherName{"average", mean},            OtherName{"percentile", quantiles},  OtherName{"percentile_cont", quantiles},
    OtherName{"percentile_disc", quantiles}, OtherName{"quantile_cont", quantiles}, OtherName{"approx_quantile", quantiles},
    OtherName{"quartile", quantiles},      OtherName{"med", "median(x) is the median"},
    OtherName{"count_distinct", distinct}, OtherName{"countdistinct", distinct}, OtherName{"nunique", distinct},
    OtherName{"n_unique", distinct},       OtherName{"approx_count_distinct", distinct},
    OtherName{"n", "count(*) counts the rows"}, OtherName{"size", "count(*) counts the rows"},
    OtherName{"param", parameters},        OtherName{"params", parameters},     OtherName{"parameters", parameters},
    OtherName{"if", "iif(condition, x, y) chooses between two values"},
    OtherName{"concat", "x || y joins two texts"},
};

std::vector<std::string> first_column(const SQLite::Database& database, const char* sql) {
  std::vector<std::string> found;
  SQLite::Statement rows(database, sql);
  while (rows.executeStep()) found.push_back(rows.getColumn(0).getString());
  return found;
}

std::string hint(const std::string& close, const char* listed) {
  return fmt::format("\n  hint: {}`latentgrid query --tables` lists {}",
                     close.empty() ? "" : fmt::format("did you mean '{}'? ", close), listed);
}

std::string hint_for_function(const SQLite::Database& database, std::string_view written) {
  const std::string name = lower_case(written);
  for (const OtherName& other : other_names) {
    if (other.name == name) return fmt::format("\n  hint: {}", other.remedy);
  }
  std::vector<std::string> known = first_column(database, "SELECT DISTINCT name FROM pragma_function_list");
  return hint(closest_match(name, known), "the functions beside SQLite's own");
}

// "did you mean 'accuracy'? ", "it is a parameter: write parameter('tsne.perplexity', params, clustering). " or "".
std::string column_meant(const SQLite::Database& database, std::string_view written) {
  const std::string_view name = written.substr(written.rfind('.') + 1);  // npos + 1 is 0
  const std::vector<std::string> columns =
      first_column(database, "SELECT DISTINCT c.name FROM sqlite_schema t, pragma_table_info(t.name) c");
  if (std::find(columns.begin(), columns.end(), name) != columns.end()) return fmt::format("'{}' is a column of another table. ", name);
  const std::string column = closest_match(name, columns);
  const std::set<std::string> recorded = parameters_of_all_jobs(database.getHandle());
  const std::string parameter = closest_match(canonical_column(written), {recorded.begin(), recorded.end()});
  const bool exact = canonical_column(written) == parameter;
  if (!exact && !column.empty()) return fmt::format("did you mean '{}'? ", column);
  if (parameter.empty()) return "";
  return fmt::format("{} parameter('{}', params, clustering). ", exact ? "it is a parameter: write" : "did you mean a parameter? Write",
                     parameter);
}

std::string_view after(std::string_view message, std::string_view beginning) {
  return message.starts_with(beginning) ? message.substr(beginning.size()) : std::string_view();
}

}  // namespace

std::string query_hint(const SQLite::Database& database, std::string_view message) {
  if (const std::string_view name = after(message, "no such function: "); !name.empty()) return hint_for_function(database, name);
  if (message == "wrong number of arguments to function quantile()") return fmt::format("\n  hint: write {}", quantiles);
  if (message == "wrong number of arguments to function parameter()") return fmt::format("\n  hint: {}", parameters);
  if (const std::string_view name = after(message, "no such column: "); !name.empty()) {
    return fmt::format("\n  hint: {}`latentgrid query --tables` lists the tables and their columns", column_meant(database, name));
  }
  if (std::string_view name = after(message, "no such table: "); !name.empty()) {
    name.remove_prefix(name.rfind('.') + 1);
    return hint(closest_match(name, first_column(database, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")),
                "the tables and their columns");
  }
  return "";
}

}  // namespace latentgrid::db
