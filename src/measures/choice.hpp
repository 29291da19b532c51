#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "columns/measures.hpp"
#include "columns/metrics.hpp"
#include "db/details.hpp"
#include "measures/job_measures.hpp"

namespace latentgrid {

// How a measure would have chosen among jobs whose scores against labels are known.
struct MeasureChoice {
  enum class Evidence {
    better_than_chance,
    chance,         // its order may be chance
    wrong_way,      // it orders the settings backwards, and that is more than chance
    too_few,        // of so few settings any order may be chance
    orders_nothing  // all have the same value
  };

  const Measure* measure = nullptr;
  std::size_t judged =
      0;  // jobs that have both; of a measure of settings so many settings, by their means over the seeds
  std::size_t settings = 0;   // of them
  std::size_t chosen = 0;     // the job's place; of a measure of settings the setting's first job. Of equals the first
  std::size_t seeds = 1;      // of a setting that is chosen
  std::size_t tied = 1;       // that share the largest value, the chosen one among them
  double score = 0;           // its own; of tied ones the mean, as one of them would be taken at random
  double loss = 0;            // to the best
  std::optional<double> tau;  // Kendall's, of the judged
  std::optional<double> tau_of_settings,
      p;  // of the settings' means: seeds of one setting are no independent pairs. p after Holm
  Evidence evidence = Evidence::too_few;
  bool beats_random = true;  // what it chooses is better than the mean of all
};

struct LabelledChoice {
  const Metric* score = nullptr;
  std::size_t jobs = 0;                           // with a score
  double best = 0, mean = 0;                      // of these jobs
  double best_setting = 0, mean_of_settings = 0;  // of their settings' means
  std::vector<MeasureChoice> measures;            // of those that some job has
};

// Fewer settings than this are no evidence: of four, even a perfect order comes about by chance in 2 of 24 cases.
inline constexpr std::size_t fewest_settings_for_evidence = 5;

// By these measures; p-values are corrected for as many. Nothing where fewer than two jobs have the score, of which
// more is better. Means of jobs are taken over those with both numbers.
std::optional<LabelledChoice> judge_measures(const std::vector<const ResultRow*>& jobs, const JobMeasures& measures,
                                             const Metric& score, const std::vector<const Measure*>& judged);

}  // namespace latentgrid
