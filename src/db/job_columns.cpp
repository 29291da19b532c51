#include "db/job_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/synonyms.hpp"
#include "columns/measures.hpp"
#include "columns/names.hpp"
#include "db/cells.hpp"
#include "db/functions.hpp"
#include "db/impl.hpp"
#include "columns/parameters.hpp"
#include "db/views.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string quoted(const std::string& text) {
  std::string all = "'";
  for (char c : text) all += c == '\'' ? std::string("''") : std::string(1, c);
  return all + "'";
}

// "columns:  sweep, job, ...", broken into lines.
std::string listed(const std::string& what, const std::vector<std::string>& names) {
  constexpr std::size_t indent = 14, width = 100;
  std::string text;
  std::size_t at = width;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = names[i] + (i + 1 < names.size() ? "," : "");
    if (at + 1 + name.size() > width) {
      const std::string title = text.empty() ? fmt::format("  {}:", what) : "";
      text += fmt::format("\n{:<{}}{}", title, indent, name);
      at = indent + name.size();
    } else {
      text += " " + name;
      at += 1 + name.size();
    }
  }
  return text;
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
      for (JobParameter& one : parameters_in(params, rows.getColumn(1).getString())) names.insert(std::move(one.name));
    }
    for (const std::string& column : job_columns(db_)) names.erase(column);
    return std::vector<std::string>(names.begin(), names.end());
  });
}

std::vector<std::string> recorded_parameters(const ResultsDb& db) {
  return db::guarded("read", db.impl().file, [&] {
    const std::set<std::string> names = db::parameters_of_all_jobs(db.impl().database.getHandle());
    return std::vector<std::string>(names.begin(), names.end());
  });
}

bool JobColumns::any_job_has(const std::string& parameter) const {
  return db::guarded("read", db_.impl().file, [&] {
    Statement found(db_.impl().database,
                    "SELECT EXISTS (SELECT 1 FROM sweep_jobs o JOIN jobs j ON j.id = o.job WHERE o.revision = ?1 AND "
                    "parameter_or_null(?2, j.params, j.clustering) IS NOT NULL) OR EXISTS (SELECT 1 FROM sweep_jobs o "
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
  const std::vector<std::string> columns = job_columns(db_);
  if (contains(columns, name) || any_job_has(name)) return name;
  if (name == "label" || name == "reduction_label") {
    throw UsageError(fmt::format("a job has no column '{}': tables make it from {}reduction and reduced_dim, which are columns", name,
                                 name == "label" ? "architecture, latent_dim, " : ""));
  }
  if (find_measure(name)) {
    throw UsageError(fmt::format("a job has no column '{}': it depends on what it is compared with; `latentgrid choose {}` computes it", name,
                                 db::guarded("read", db_.impl().file, [&] { return sweep(); })));
  }
  const std::vector<std::string> of_jobs = parameters();
  std::vector<std::string> known = columns;
  known.insert(known.end(), of_jobs.begin(), of_jobs.end());
  const std::string meant = did_you_mean(close_matches(name, known));
  std::string problem = fmt::format("no job of the sweep has a column or parameter '{}'", written);
  if (!meant.empty()) throw UsageError(fmt::format("{}; {}", problem, meant));
  if (const std::string elsewhere = known_elsewhere(name); !elsewhere.empty()) {
    problem += fmt::format("; there is no {}", elsewhere);
  } else if (const std::string ours = name_in_jobs(name); !ours.empty()) {
    problem += fmt::format("; it is called '{}' here, and no job of the sweep has one", ours);
  }
  std::vector<std::string> others = columns;
  std::erase_if(others, [](const std::string& column) { return is_metric(column, &Metric::is_score); });
  throw UsageError(problem + listed("columns", others) + listed("scores", metric_names(&Metric::is_score)) + listed("parameters", of_jobs));
}

std::string JobColumns::sql(const std::string& column) const {
  if (needs_split(column) && !has_split()) return "NULL";
  if (!is_parameter(column)) return column == "sweep" ? quoted(sweep()) : "r." + column;
  return fmt::format(
      "coalesce((SELECT value FROM job_params p WHERE p.job = o.job AND p.axis = {0}), "
      "parameter_or_null({0}, r.params, r.clustering))",
      quoted(column));
}

std::string JobColumns::sql_of_other_name(const std::string& column) const {
  const std::string_view other = other_name_of(column);
  return other.empty() ? "NULL" : fmt::format("r.{}", other);
}

std::string JobColumns::sweep() const {
  Statement row(db_.impl().database, "SELECT s.name FROM sweep_revisions v JOIN sweeps s ON s.id = v.sweep WHERE v.id = ?");
  row.bind(1, revision_);
  return row.executeStep() ? row.getColumn(0).getString() : "";
}

ColumnValues JobColumns::values(const std::string& column) const {
  return db::guarded("read", db_.impl().file, [&] {
    ColumnValues values;
    Statement rows(db_.impl().database,
                   fmt::format("SELECT DISTINCT {}, {} FROM sweep_jobs o CROSS JOIN job_results r ON r.job = o.job "
                               "WHERE o.revision = ?",
                               sql(column), sql_of_other_name(column)));
    rows.bind(1, revision_);
    while (rows.executeStep()) values.add(db::cell(rows.getColumn(0)), db::cell(rows.getColumn(1)));
    return values;
  });
}

bool JobColumns::has_split() const {
  Statement row(db_.impl().database, fmt::format("SELECT {} FROM sweep_revisions r WHERE r.id = ?", db::has_split));
  row.bind(1, revision_);
  return !row.executeStep() || row.getColumn(0).getInt() != 0;
}

std::int64_t JobColumns::jobs() const {
  return db::guarded("read", db_.impl().file, [&] {
    Statement count(db_.impl().database, "SELECT count(*) FROM sweep_jobs WHERE revision = ?");
    count.bind(1, revision_);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

std::vector<std::string> JobColumns::varied_besides(const std::vector<std::string>& shown) const {
  return db::guarded("read", db_.impl().file, [&] {
    Statement rows(db_.impl().database,
                   "SELECT p.axis FROM sweep_jobs o JOIN job_params p ON p.job = o.job WHERE o.revision = ?1 "
                   "GROUP BY p.axis HAVING count(DISTINCT p.value) > 1 ORDER BY p.axis");
    rows.bind(1, revision_);
    std::vector<std::string> names;
    while (rows.executeStep()) {
      std::string name = rows.getColumn(0).getString();
      if (!contains(shown, name) && repeated_column(name).empty()) names.push_back(std::move(name));
    }
    return names;
  });
}

Cell parameter_value(const ResultRow& row, const std::string& parameter) {
  thread_local ParameterReader reader;
  return to_cell(reader.value(parameter, row.params, row.clustering));
}

}  // namespace latentgrid
