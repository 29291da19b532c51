#include "db/job_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "columns/names.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/parameters.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Cell cell_of_json(const Json& value) {
  if (value.is_null()) return std::monostate{};
  if (value.is_boolean()) return std::int64_t{value.get<bool>()};
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The columns of a row of results by their names.
const std::map<std::string, std::variant<std::string ResultRow::*, std::int64_t ResultRow::*,
                                         std::optional<double> ResultRow::*>>&
row_members() {
  using R = ResultRow;
  static const std::map<std::string, std::variant<std::string R::*, std::int64_t R::*, std::optional<double> R::*>>
      members = {{"job", &R::job},
                 {"dataset", &R::dataset},
                 {"architecture", &R::architecture},
                 {"latent", &R::latent},
                 {"latent_dim", &R::latent_dim},
                 {"epochs", &R::epochs},
                 {"reduction", &R::reduction},
                 {"reduced_dim", &R::reduced_dim},
                 {"clustering", &R::clustering},
                 {"k", &R::k},
                 {"seed", &R::seed},
                 {"params", &R::params},
                 {"state", &R::state},
                 {"reason", &R::reason},
                 {"recon_mse", &R::recon_mse},
                 {"accuracy", &R::accuracy},
                 {"accuracy_public", &R::accuracy_public},
                 {"accuracy_private", &R::accuracy_private},
                 {"ari", &R::ari},
                 {"nmi", &R::nmi},
                 {"silhouette", &R::silhouette},
                 {"leaderboard_public", &R::leaderboard_public},
                 {"leaderboard_private", &R::leaderboard_private},
                 {"wall_s", &R::wall_s},
                 {"clusters_found", &R::clusters_found}};
  return members;
}

bool is_number(const std::string& text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && rest == text.data() + text.size();
}

}  // namespace

std::vector<std::string> job_columns(const ResultsDb& db) {
  return db::guarded("read", db.impl().file, [&] {
    std::vector<std::string> columns = {"sweep"};
    Statement rows(db.impl().database, "SELECT name FROM pragma_table_info('job_results')");
    while (rows.executeStep()) columns.push_back(rows.getColumn(0).getString());
    return columns;
  });
}

std::vector<std::string> JobColumns::parameters() const {
  return db::guarded("read", db_.impl().file, [&] {
    std::set<std::string> names;
    Statement axes(db_.impl().database,
                   "SELECT DISTINCT p.axis FROM sweep_jobs o JOIN job_params p ON p.job = o.job WHERE o.revision = ?");
    axes.bind(1, revision_);
    while (axes.executeStep()) names.insert(axes.getColumn(0).getString());
    Statement rows(db_.impl().database,
                   "SELECT DISTINCT j.params, j.clustering FROM sweep_jobs o JOIN jobs j ON j.id = o.job "
                   "WHERE o.revision = ?");
    rows.bind(1, revision_);
    while (rows.executeStep()) {
      const Json params = Json::parse(rows.getColumn(0).getString(), nullptr, false);
      for (std::string& name : parameter_names(params, rows.getColumn(1).getString())) names.insert(std::move(name));
    }
    for (const std::string& column : job_columns(db_)) names.erase(column);
    return std::vector<std::string>(names.begin(), names.end());
  });
}

bool JobColumns::any_job_has(const std::string& parameter) const {
  return db::guarded("read", db_.impl().file, [&] {
    Statement found(db_.impl().database,
                    "SELECT EXISTS (SELECT 1 FROM sweep_jobs o JOIN jobs j ON j.id = o.job WHERE o.revision = ?1 AND "
                    "parameter(?2, j.params, j.clustering) IS NOT NULL) OR EXISTS (SELECT 1 FROM sweep_jobs o "
                    "JOIN job_params p ON p.job = o.job WHERE o.revision = ?1 AND p.axis = ?2)");
    found.bind(1, revision_);
    found.bind(2, parameter);
    found.executeStep();
    return found.getColumn(0).getInt() != 0;
  });
}

bool JobColumns::is_parameter(const std::string& name) const {
  return !contains(job_columns(db_), name);
}

std::string JobColumns::resolve(const std::string& written) const {
  std::string name = canonical_column(written);
  std::vector<std::string> known = job_columns(db_);
  if (contains(known, name) || any_job_has(name)) return name;
  for (std::string& parameter : parameters()) known.push_back(std::move(parameter));
  const std::string close = closest_match(name, known);
  throw UsageError(fmt::format("no job of the sweep has a column or parameter '{}'{} There are: {}", written,
                               close.empty() ? "." : fmt::format("; did you mean '{}'?", close),
                               fmt::join(known, ", ")));
}

std::int64_t JobColumns::jobs() const {
  return db::guarded("read", db_.impl().file, [&] {
    Statement count(db_.impl().database, "SELECT count(*) FROM sweep_jobs WHERE revision = ?");
    count.bind(1, revision_);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

std::vector<std::string> JobColumns::varied() const {
  return db::guarded("read", db_.impl().file, [&] {
    // Most of these say what reduced_dim and k say.
    Statement rows(db_.impl().database,
                   "SELECT p.axis FROM sweep_jobs o JOIN job_params p ON p.job = o.job WHERE o.revision = ?1 "
                   "GROUP BY p.axis HAVING count(DISTINCT p.value) > 1 AND p.axis NOT LIKE '%.dim' "
                   "AND p.axis NOT LIKE '%.k' ORDER BY p.axis");
    rows.bind(1, revision_);
    const std::vector<std::string> columns = job_columns(db_);
    std::vector<std::string> names;
    while (rows.executeStep()) {
      std::string name = rows.getColumn(0).getString();
      if (!contains(columns, name)) names.push_back(std::move(name));
    }
    return names;
  });
}

Cell job_value(const ResultRow& row, const std::string& column, const Axes* axes) {
  const auto member = row_members().find(column);
  if (member == row_members().end()) {
    if (axes) {
      auto axis = std::find_if(axes->begin(), axes->end(), [&](const auto& known) { return known.first == column; });
      if (axis != axes->end()) return axis->second;
    }
    return cell_of_json(parameter_in(Json::parse(row.params, nullptr, false), row.clustering, column));
  }
  if (const auto* text = std::get_if<std::string ResultRow::*>(&member->second)) return row.*(*text);
  if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&member->second)) {
    const bool untrained = column == "epochs" && row.epochs == 0;  // raw pixels
    return untrained ? Cell() : Cell(row.*(*number));
  }
  const auto& value = row.*std::get<std::optional<double> ResultRow::*>(member->second);
  return value ? Cell(*value) : Cell();
}

std::string column_of(const Condition& condition) {
  const bool named = condition.column == "latent_dim" &&
                     std::any_of(condition.values.begin(), condition.values.end(), [](const std::string& value) {
                       return !value.empty() && value != "-" && !is_number(value);
                     });
  return named ? "latent" : condition.column;
}

bool meets_all(const ResultRow& row, const std::vector<Condition>& conditions, const Axes* axes) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
    return meets(condition, job_value(row, column_of(condition), axes));
  });
}

}  // namespace latentgrid
