#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columns/condition.hpp"
#include "db/queries.hpp"

// What the columns of a sweep's jobs are called, one way for `ls`, tables and the choice of jobs: the columns of the view
// job_results, and every parameter of the jobs, whether the sweep varies it or not ("tsne.perplexity", "pca.dim",
// "learning_rate"). Not thread-safe.
namespace latentgrid {

class JobColumns {
 public:
  // Of a revision (SweepRevision::id).
  JobColumns(const ResultsDb& db, std::int64_t revision) : db_(db), revision_(revision) {}

  // The canonical name of what may be written in several ways ("t-SNE.perplexity", "train.learning_rate"). Throws
  // UsageError for a name that is neither a column nor a parameter of any job, with the closest one and all there are.
  std::string resolve(const std::string& written) const;

  bool is_parameter(const std::string& name) const;  // canonical
  std::vector<std::string> parameters() const;       // of any job; sorted, without those that are columns

  std::int64_t jobs() const;  // how many

  // Parameters that the jobs have different values of, and that are in no column; sorted.
  std::vector<std::string> varied() const;

 private:
  bool any_job_has(const std::string& parameter) const;

  const ResultsDb& db_;
  std::int64_t revision_;
};

// The columns of job_results, and `sweep`.
std::vector<std::string> job_columns(const ResultsDb& db);

// A canonical column of one job: NULL where it has none. `axes`, if given, knows parameters at a default that is left out of
// the job's own (job_axes()).
Cell job_value(const ResultRow& row, const std::string& column, const Axes* axes = nullptr);

// Whether the job meets all conditions. A latent_dim that is no number ("native") is that of the column `latent`.
bool meets_all(const ResultRow& row, const std::vector<Condition>& conditions, const Axes* axes = nullptr);
std::string column_of(const Condition& condition);

}  // namespace latentgrid
