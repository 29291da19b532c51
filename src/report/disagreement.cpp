#include "report/disagreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/hinted_error.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

// Predictions as they lie on the disk; an Omission says why they cannot be used.
std::variant<NpyFile, Omission> open_predictions(const ArtifactStore& store, const ArtifactId& score, std::size_t images) {
  const std::filesystem::path file = store.folder("score", score) / predictions_file;
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return Omission{fmt::format("{} is missing", file.string())};
  try {
    NpyFile predictions(file);
    const std::size_t count = predictions.int32s().size();
    if (count == images) return predictions;
    return Omission{fmt::format("{} holds {} predictions, but its data set has {} images", file.string(), count, images)};
  } catch (const Error& error) {
    return Omission{in_one_line(error.what())};
  }
}

}  // namespace

const char* name_of(Split split) {
  switch (split) {
    case Split::public_part:
      return "public";
    case Split::private_part:
      return "private";
    case Split::all:
      break;
  }
  return "labelled";
}

std::optional<Split> split_of(const Field& field) {
  if (field.name == "accuracy") return Split::all;
  if (field.name == "accuracy_public") return Split::public_part;
  if (field.name == "accuracy_private") return Split::private_part;
  return std::nullopt;
}

const std::variant<ImageLabels, Omission>& PredictionComparison::truth() {
  if (truth_) return *truth_;
  try {
    ImageLabels images = read_();
    const bool labelled = std::any_of(images.labels.begin(), images.labels.end(), [](auto label) { return label >= 0; });
    if (labelled) {
      truth_ = std::move(images);
    } else {
      truth_ = Omission{"the data set has no labels"};
    }
  } catch (const std::exception& error) {
    truth_ = Omission{in_one_line(error.what())};
  }
  return *truth_;
}

std::variant<Disagreement, Omission> PredictionComparison::disagreement(const ArtifactId& first, const ArtifactId& second,
                                                                   Split split) {
  if (const Omission* omission = std::get_if<Omission>(&truth())) return *omission;
  const ImageLabels& truth = std::get<ImageLabels>(this->truth());
  const auto a = open_predictions(store_, first, truth.labels.size());
  if (const Omission* omission = std::get_if<Omission>(&a)) return *omission;
  const auto b = open_predictions(store_, second, truth.labels.size());
  if (const Omission* omission = std::get_if<Omission>(&b)) return *omission;
  const auto of_first = std::get<NpyFile>(a).int32s(), of_second = std::get<NpyFile>(b).int32s();
  Disagreement found;
  for (std::size_t i = 0; i < truth.labels.size(); ++i) {
    const std::int32_t label = truth.labels[i];
    if (label < 0 || (split != Split::all && truth.is_public[i] != (split == Split::public_part))) continue;
    ++found.images;
    found.only_first += of_first[i] == label && of_second[i] != label;
    found.only_second += of_second[i] == label && of_first[i] != label;
  }
  if (found.images > 0) return found;
  return Omission{fmt::format("no labelled image is {}", name_of(split))};
}

std::variant<std::vector<std::int32_t>, Omission> PredictionComparison::predictions(const ArtifactId& score) {
  if (const Omission* omission = std::get_if<Omission>(&truth())) return *omission;
  const auto file = open_predictions(store_, score, std::get<ImageLabels>(truth()).labels.size());
  if (const Omission* omission = std::get_if<Omission>(&file)) return *omission;
  const auto values = std::get<NpyFile>(file).int32s();
  return std::vector<std::int32_t>(values.begin(), values.end());
}

}  // namespace latentgrid
