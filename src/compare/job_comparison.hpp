#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compare/hashed_difference.hpp"
#include "compare/path_difference.hpp"
#include "db/details.hpp"
#include "report/comparison_input.hpp"
#include "report/parameters.hpp"
#include "stats/paired.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// Whether a metric is worth a comparison over seeds, and of sweeps: different embeddings are different spaces.
inline bool is_replicated(const Metric& metric) { return metric.is_score && !metric.of_one_embedding; }

// Whether numbers of two jobs are of the same thing. Labels and split are compared by their digests where both jobs are
// scored, otherwise as the sweeps name them.
struct SameTruth {
  bool images = true, labels = true, split = true;
  bool range = true;  // that the images are scaled to
  bool covers(const Metric& metric) const {
    return images && (labels || !metric.needs_labels) && (split || !metric.needs_split) && (range || !metric.needs_range);
  }
};
SameTruth same_truth(const ResultsDb& db, const JobDetail& first, const JobDetail& second);

struct ScorePair {
  std::string name;
  std::optional<double> first, second;
  bool comparable = true;            // silhouettes of different embeddings, and losses of different ranges, are not
  std::optional<double> difference;  // first - second
};

// McNemar's exact test on the predictions of two runs.
struct RunTest {
  std::string score;  // "accuracy_public"
  Split split = Split::all;
  std::variant<Disagreement, Omission> found;
  double p = 1;  // of a Disagreement
};

// Means over the seeds that both settings have finished.
struct SeedTest {
  std::string score;
  std::vector<std::int64_t> seeds;
  double mean_first = 0, mean_second = 0;
  std::optional<PairedDifference> difference;  // nothing for fewer than three seeds
};

// What a competition's score tells of its own noise.
struct LeaderboardScore {
  std::string name;  // "leaderboard_private"
  std::optional<double> first, second;
  std::optional<std::int64_t> images;               // in that part; nothing: not known
  std::optional<double> error_first, error_second;  // binomial standard errors
};

struct JobComparison {
  ResultRow first, second;
  std::vector<std::string> sweeps_first, sweeps_second;
  std::vector<ParameterDifference> parameters;  // only what differs
  std::vector<StageDifference> stages;          // of both paths, with the reasons that `explain` gives
  HashedDifferences hashed;                     // what no difference of the parameters explains
  std::optional<std::size_t> parts_at;
  bool only_the_seed_differs = false;
  SameTruth same;
  bool same_embedding = true;
  std::vector<ScorePair> scores;  // those that either has
  std::vector<RunTest> runs;      // of the labelled, the public and the private images
  bool have_siblings = false;     // both settings were run with other seeds too
  std::vector<SeedTest> seeds;
  std::vector<LeaderboardScore> leaderboard;
};

// Reads the database and, for the tests of single runs, predictions and labels. Throws nothing for what is missing.
JobComparison compare_jobs(const ResultsDb& db, const ArtifactStore& store, const std::string& first,
                           const std::string& second);

}  // namespace latentgrid
