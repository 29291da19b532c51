#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "data/image_labels.hpp"
#include "methods/artifact_files.hpp"
#include "score/scores.hpp"
#include "score/silhouette.hpp"
#include "worker/points.hpp"

namespace latentgrid::worker {

namespace {

void write_scores(const LabelScores& scores, const std::filesystem::path& folder) {
  auto size = [](const auto& values) { return static_cast<std::int64_t>(values.size()); };
  write_npy(folder / assignment_file, std::span<const std::int32_t>(scores.assignment), {size(scores.assignment)});
  write_npy(folder / predictions_file, std::span<const std::int32_t>(scores.predictions), {size(scores.predictions)});
  write_npy(folder / confusion_file, std::span<const std::int64_t>(scores.confusion.data(), scores.confusion.size()),
            {scores.confusion.rows(), scores.confusion.cols()});
}

void score_with_labels(TaskContext& context, std::span<const std::int32_t> clusters) {
  const ImageLabels images(context.input("labels"));
  const LabelScores scores = score_against_labels(clusters, images.labels, images.is_public);
  Json metrics = {{"ari", scores.ari}, {"labelled", scores.labelled}, {"nmi", scores.nmi}, {"purity", scores.purity}};
  auto add = [&](const char* name, double value) {
    if (!std::isnan(value)) metrics[name] = value;  // no such images
  };
  add("accuracy", scores.accuracy);
  add("accuracy_public", scores.accuracy_public);
  add("accuracy_private", scores.accuracy_private);
  const std::filesystem::path staged = context.new_staging_folder();
  write_scores(scores, staged);
  const Json record = {{"matching", "one, of all labelled images; accuracies are upper bounds"},
                       {"images", clusters.size()},
                       {"clusters", scores.assignment.size()},
                       {"classes", scores.confusion.cols()}};
  context.publish(0, staged, metrics, record);
}

void score_without_labels(TaskContext& context, std::span<const std::int32_t> clusters) {
  const Points points(context);
  Json metrics = {{"labelled", 0}};
  Json record = {{"images", clusters.size()}};
  const std::size_t used = std::set(clusters.begin(), clusters.end()).size();
  if (used >= 2 && used < clusters.size()) {
    metrics["silhouette"] = silhouette(points.matrix(), clusters, context.threads());
  } else {
    record["silhouette"] = fmt::format("undefined for {} images in {} clusters", clusters.size(), used);
  }
  context.publish(0, context.new_staging_folder(), metrics, record);
}

}  // namespace

void run_score(TaskContext& context) {
  const NpyFile clusters(context.input("clusters") / clusters_file);
  if (context.task().params.at("labels").is_null()) {
    score_without_labels(context, clusters.int32s());
  } else {
    score_with_labels(context, clusters.int32s());
  }
}

}  // namespace latentgrid::worker
