#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compare/hashed_difference.hpp"
#include "compare/job_comparison.hpp"
#include "report/parameters.hpp"
#include "stats/paired.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// The values a parameter takes among the jobs of each sweep, in the order of their files; none where no job has it.
struct SettingDifference {
  std::string name;
  std::vector<Json> first, second;
};

// A setting of both sweeps: jobs that agree on the axes that are matched, averaged within each seed.
struct CommonSetting {
  std::vector<Json> values;                                   // of SweepComparison::matched_by; null: has none
  std::vector<std::int64_t> seeds;                            // finished in both
  std::optional<double> mean_first, mean_second, difference;  // over these seeds; first - second
  std::optional<PairedDifference> paired;                     // nothing for fewer than three seeds
  std::optional<double> p;  // corrected by Holm's method for all settings tested; nothing without `paired->p`
};

struct SweepComparison {
  std::string first, second;
  std::string score;
  std::vector<ParameterDifference> options, dataset;            // of the revisions compared
  std::vector<SettingDifference> parameters;                    // of the jobs; only what differs
  HashedDifferences hashed;             // what these don't explain, of one job a setting of both
  std::int64_t hashed_settings = 0;     // so many settings were looked at; at most most_hashed_settings
  std::int64_t jobs_first = 0, jobs_second = 0, jobs_both = 0;  // both: the same job in both

  // Axes of either sweep, without the seed. One that shares no value between them is left out of the matching.
  std::vector<std::string> matched_by;
  std::vector<SettingDifference> left_out;
  bool averaged_first = false, averaged_second = false;  // several jobs of one seed in a setting
  std::int64_t settings_first = 0, settings_second = 0;  // in this one only
  std::int64_t settings_same = 0;                        // in both, with the very same jobs in every common seed
  std::vector<CommonSetting> settings;                   // in both, with other jobs
  SameTruth same;                                        // where the score's images differ nothing is tested
  bool tested = false;

  bool same_jobs() const { return jobs_both == jobs_first && jobs_both == jobs_second; }
};

// Two transcripts a stage are read for each of them.
inline constexpr std::int64_t most_hashed_settings = 1000;

// Names of scores that sweeps can be compared by; the silhouette is none, since different embeddings are different
// spaces.
std::vector<std::string> sweep_scores();

// The latest revisions of two sweeps, by `score` ("": the first of accuracy, the leaderboard's public score and
// recon_mse that jobs of both have). Throws UsageError for an unknown score.
SweepComparison compare_sweeps(const ResultsDb& db, const ArtifactStore& store, const std::string& first,
                               const std::string& second, const std::string& score);

}  // namespace latentgrid
