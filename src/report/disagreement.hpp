#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/dataset.hpp"
#include "report/comparison_input.hpp"
#include "report/fields.hpp"
#include "stats/mcnemar.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

const char* name_of(Split split);  // "labelled", "public", "private"
// The images of which a field says what fraction was right; nothing for a field that is no accuracy.
std::optional<Split> split_of(const Field& field);

// Compares the predictions that score tasks of one dataset have left, image by image, in which of them are right.
// Labels and the public/private split are read at the first question and kept for all others. What is missing,
// unreadable or no longer what the scores were made with is a Gap that names the path, never an exception. Not
// thread-safe.
class PredictionComparison {
 public:
  PredictionComparison(const ArtifactStore& store, DatasetSource source) : store_(store), source_(std::move(source)) {}

  // first, second: score artifacts. Images without a label don't count.
  std::variant<Disagreement, Gap> disagreement(const ArtifactId& first, const ArtifactId& second, Split split);

  // The class that a score task predicts for each image, of the labels' numbers.
  std::variant<std::vector<std::int32_t>, Gap> predictions(const ArtifactId& score);

 private:
  struct Truth {
    std::vector<std::int32_t> labels;  // -1: none
    std::vector<bool> is_public;
    std::string labels_sha256, split_sha256;  // as score's key has them
  };

  const std::variant<Truth, Gap>& truth();
  // Why the score was made with other labels, or another split where that matters.
  std::optional<Gap> outdated(const ArtifactId& score, const Truth& truth, Split split) const;

  const ArtifactStore& store_;
  DatasetSource source_;
  std::optional<std::variant<Truth, Gap>> truth_;
};

// The same for a single pair.
std::variant<Disagreement, Gap> disagreement(const ArtifactStore& store, const DatasetSource& source,
                                             const ArtifactId& first, const ArtifactId& second, Split split);

}  // namespace latentgrid
