#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "columns/cell.hpp"
#include "columns/metrics.hpp"
#include "columns/parameters.hpp"
#include "db/queries.hpp"
#include "db/recording.hpp"
#include "db/results_db.hpp"
#include "db/submissions.hpp"

namespace latentgrid {

// One job with what it is and what was measured of it: row["accuracy"], or row[metric] of a Metric.
struct ResultRow {
  std::string job, dataset, architecture, latent, reduction, clustering, params, state, reason;
  std::int64_t latent_dim = 0, epochs = 0, reduced_dim = 0, k = 0, seed = 0;
  std::vector<NamedStep> steps;  // of the reduction; none where it is "none"

  std::optional<double>& operator[](KnownMetric metric) { return measured_[metric.place()]; }
  const std::optional<double>& operator[](KnownMetric metric) const { return measured_[metric.place()]; }

 private:
  std::array<std::optional<double>, all_metrics.size()> measured_;
};

std::vector<ResultRow> load_results(const ResultsDb& db, const std::string& sweep);  // in the order of the sweep's file
std::vector<ResultRow> load_results(const ResultsDb& db, std::int64_t revision);     // SweepRevision::id
std::optional<ResultRow> job_result(const ResultsDb& db, const std::string& job);

struct PathStep {
  std::string stage;
  std::int64_t step = 0;
  ArtifactId artifact;
  bool recorded = false;  // everything below is empty otherwise
  std::string recorded_at;
  Json record;                                        // the whole task.json
  std::vector<std::pair<std::string, Cell>> metrics;  // by name
  std::vector<std::optional<double>> losses;          // one an epoch
};

struct JobDetail {
  ResultRow row;
  std::string key, changed_at;
  std::vector<std::string> sweeps;  // whose latest revision has it
  bool has_split = true;            // one of these does; where there are none, the newest revision that has it
  Axes axes;
  std::vector<PathStep> path;
  std::vector<FailureRow> failures;  // of its tasks, the latest last
  std::vector<SubmissionRow> submissions;
};
std::optional<JobDetail> job_detail(const ResultsDb& db, const std::string& job);

}  // namespace latentgrid
