#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "db/results_db.hpp"

namespace latentgrid {

// What becomes columns, each left NULL where the record has none:
//   metrics.*                                      scalars; recon_mse of encode and the scores of score feed `results`
//   record.method (or provenance.params.method)
//   record.losses                                  one number an epoch, the first epoch first
//   provenance.{build, git_commit, libraries, host, device, threads, seed}
//   usage.{wall_s, cpu_s, peak_rss_kb}             from the very start of the run that reached this extent
struct ArtifactRow {
  std::string stage;
  ArtifactId artifact;
  Json record;  // the whole task.json: metrics, record, provenance, usage
  std::string recorded_at;
};

struct FailureRow {
  std::string stage, key, kind, message, at;
  int attempt = 1;
};

// One BEGIN IMMEDIATE transaction for everything that finished in a turn of the loop. Artifacts already recorded are
// kept, so recording twice changes nothing; states are set as told, and left alone where that is what they are. Throws Error
// for a job that was never registered.
void record_results(ResultsDb& db, const std::vector<ArtifactRow>& artifacts, const std::vector<FailureRow>& failures,
                    const std::vector<JobStateRow>& states);

}  // namespace latentgrid
