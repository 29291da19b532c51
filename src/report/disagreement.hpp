#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "data/image_labels.hpp"
#include "report/comparison_input.hpp"
#include "report/fields.hpp"
#include "stats/mcnemar.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

const char* name_of(Split split);  // "labelled", "public", "private"
// The images of which a field says what fraction was right; nothing for a field that is no accuracy.
std::optional<Split> split_of(const Field& field);

// Compares the predictions that score tasks with the same labels have left, image by image, in which of them are right.
// The labels are read at the first question and kept for all others. What is missing or unreadable is an Omission that names it,
// never an exception. Not thread-safe.
class PredictionComparison {
 public:
  using ReadLabels = std::function<ImageLabels()>;  // may throw

  PredictionComparison(const ArtifactStore& store, ReadLabels read) : store_(store), read_(std::move(read)) {}

  // first, second: score artifacts. Images without a label don't count.
  std::variant<Disagreement, Omission> disagreement(const ArtifactId& first, const ArtifactId& second, Split split);

  // The class that a score task predicts for each image, of the labels' numbers.
  std::variant<std::vector<std::int32_t>, Omission> predictions(const ArtifactId& score);

 private:
  const std::variant<ImageLabels, Omission>& truth();

  const ArtifactStore& store_;
  ReadLabels read_;
  std::optional<std::variant<ImageLabels, Omission>> truth_;
};

}  // namespace latentgrid
