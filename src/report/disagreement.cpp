#include "report/disagreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "store/npy.hpp"
#include "store/transcript.hpp"

namespace latentgrid {

namespace {

// Predictions as they lie on the disk; a Gap says why they cannot be used.
std::variant<NpyFile, Gap> open_predictions(const ArtifactStore& store, const ArtifactId& score, std::size_t images) {
  const std::filesystem::path file = store.folder("score", score) / "predictions.npy";
  std::error_code none;
  if (!std::filesystem::exists(file, none)) return Gap{fmt::format("{} is missing", file.string())};
  try {
    NpyFile predictions(file);
    const std::size_t count = predictions.int32s().size();
    if (count == images) return predictions;
    return Gap{fmt::format("{} holds {} predictions, but the dataset now has {} images", file.string(), count, images)};
  } catch (const Error& error) {
    return Gap{error.what()};
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

const std::variant<PredictionComparison::Truth, Gap>& PredictionComparison::truth() {
  if (truth_) return *truth_;
  try {
    Truth truth{load_labels(source_), load_public_mask(source_), "", ""};
    const bool labelled = std::any_of(truth.labels.begin(), truth.labels.end(), [](auto label) { return label >= 0; });
    if (labelled && truth.is_public.size() == truth.labels.size()) {
      truth.labels_sha256 = identity_of_labels(truth.labels).at("sha256").get<std::string>();
      truth.split_sha256 = identity_of_split(truth.is_public).at("sha256").get<std::string>();
      truth_ = std::move(truth);
    } else {
      truth_ = Gap{fmt::format("the dataset '{}' has no labels", source_.name)};
    }
  } catch (const std::exception& error) {
    truth_ = Gap{fmt::format("the labels of '{}' cannot be read: {}", source_.name, error.what())};
  }
  return *truth_;
}

std::optional<Gap> PredictionComparison::outdated(const ArtifactId& score, const Truth& truth, Split split) const {
  const std::optional<Transcript> transcript = read_transcript(store_, "score", score.key);
  if (!transcript) return std::nullopt;
  auto changed = [&](const char* field, const std::string& now) {
    const TranscriptField* then = field_of(*transcript, field);
    return then && then->text != now;
  };
  const char* what = changed("params.labels.sha256", truth.labels_sha256) ? "labels"
                     : split != Split::all && changed("params.split.sha256", truth.split_sha256)
                         ? "public and private parts"
                         : nullptr;
  if (!what) return std::nullopt;
  return Gap{fmt::format("the {} of '{}' are not those that {} was made with", what, source_.name,
                         store_.folder("score", score).string())};
}

std::variant<Disagreement, Gap> PredictionComparison::disagreement(const ArtifactId& first, const ArtifactId& second,
                                                                   Split split) {
  if (const Gap* gap = std::get_if<Gap>(&truth())) return *gap;
  const Truth& truth = std::get<Truth>(this->truth());
  for (const ArtifactId* score : {&first, &second}) {
    if (auto gap = outdated(*score, truth, split)) return *gap;
  }
  const auto a = open_predictions(store_, first, truth.labels.size());
  if (const Gap* gap = std::get_if<Gap>(&a)) return *gap;
  const auto b = open_predictions(store_, second, truth.labels.size());
  if (const Gap* gap = std::get_if<Gap>(&b)) return *gap;
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
  return Gap{fmt::format("no labelled image of '{}' is {}", source_.name, name_of(split))};
}

std::variant<std::vector<std::int32_t>, Gap> PredictionComparison::predictions(const ArtifactId& score) {
  if (const Gap* gap = std::get_if<Gap>(&truth())) return *gap;
  const Truth& truth = std::get<Truth>(this->truth());
  if (auto gap = outdated(score, truth, Split::all)) return *gap;
  const auto file = open_predictions(store_, score, truth.labels.size());
  if (const Gap* gap = std::get_if<Gap>(&file)) return *gap;
  const auto values = std::get<NpyFile>(file).int32s();
  return std::vector<std::int32_t>(values.begin(), values.end());
}

std::variant<Disagreement, Gap> disagreement(const ArtifactStore& store, const DatasetSource& source,
                                             const ArtifactId& first, const ArtifactId& second, Split split) {
  return PredictionComparison(store, source).disagreement(first, second, split);
}

}  // namespace latentgrid
