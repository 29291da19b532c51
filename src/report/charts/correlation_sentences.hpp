#pragma once

#include <string>
#include <vector>

namespace latentgrid::charts {

// Reconstruction errors and scores that belong together.
struct ErrorsAndScores {
  std::vector<double> errors, scores;
  std::string name;  // "seed 0"; may be empty
};

// What one sentence is about: an architecture, or an architecture with a reduction.
struct CorrelationSubject {
  std::string name;
  std::vector<ErrorsAndScores> trainings;  // the checkpoints of each
  std::vector<ErrorsAndScores>
      across_seeds;  // each: trainings that differ in nothing but the seed, after equally many epochs
};

struct CorrelationWords {
  std::string score;              // "accuracy"
  bool lower_is_better = false;   // of the score
  std::string unit = "training";  // what CorrelationSubject::trainings are to be called
};

// Whether a smaller error and a better score go together, as far as the numbers say: correlations within each training,
// where the sign of Spearman's over its checkpoints decides, and across trainings at the same epoch. Sentences follow
// the numbers; where there are fewer than three points they say that nothing can be said. Where
// trainings have names and are few, each one's correlations are told.
std::vector<std::string> correlation_sentences(const std::vector<CorrelationSubject>& subjects,
                                               const CorrelationWords& words);

}  // namespace latentgrid::charts
