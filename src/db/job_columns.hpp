#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "columns/column_values.hpp"
#include "db/details.hpp"
#include "db/results_db.hpp"

// What the columns of a sweep's jobs are called, one way for `ls`, tables and the choice of jobs: the columns of the view
// job_results, and every parameter of the jobs, whether the sweep varies it or not ("tsne.perplexity", "pca.dim",
// "learning_rate"). Not thread-safe.
namespace latentgrid {

class JobColumns {
 public:
  // Of a revision (SweepRevision::id).
  JobColumns(const ResultsDb& db, std::int64_t revision) : db_(db), revision_(revision) {}

  // The canonical name of what may be written in several ways ("t-SNE.perplexity", "train.learning_rate"). Throws
  // UsageError for a name that is neither a column nor a parameter of any job, with the closest ones or else all there
  // are.
  std::string resolve(const std::string& written) const;

  bool is_parameter(const std::string& name) const;  // canonical
  std::vector<std::string> parameters() const;       // of any job; sorted, without those that are columns

  std::int64_t jobs() const;  // how many

  // The values that the jobs have in a canonical column.
  ColumnValues values(const std::string& column) const;

  // A canonical column where job_results is r and sweep_jobs o; and its other name (other_name_of()), or NULL. Public and
  // private accuracy of a sweep without a split are NULL.
  std::string sql(const std::string& column) const;
  std::string sql_of_other_name(const std::string& column) const;

  // What the jobs have different values of and none of these columns says; sorted.
  std::vector<std::string> varied_besides(const std::vector<std::string>& shown) const;

 private:
  bool any_job_has(const std::string& parameter) const;
  std::string sweep() const;
  bool has_split() const;

  const ResultsDb& db_;
  std::int64_t revision_;
};

// The names that parameter() has a value for in some job, sorted.
std::vector<std::string> recorded_parameters(const ResultsDb& db);

// The columns of job_results, and `sweep`.
std::vector<std::string> job_columns(const ResultsDb& db);

// A parameter of one job: NULL where it has none.
Cell parameter_value(const ResultRow& row, const std::string& parameter);

}  // namespace latentgrid
