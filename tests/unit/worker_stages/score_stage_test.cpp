#include <gtest/gtest.h>

#include "columns/metrics.hpp"
#include "data/image_labels.hpp"
#include "score/silhouette.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const std::string clusters_key(64, 'c'), labels_key(64, 'd');

void publish_clusters(const ArtifactStore& store, const std::vector<std::int32_t>& clusters) {
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "clusters.npy", std::span<const std::int32_t>(clusters),
            {static_cast<std::int64_t>(clusters.size())});
  store.publish(staged, "cluster", {clusters_key, 0}, Json::object());
}

protocol::Run score_task(const Json& labels) {
  protocol::Run task =
      on_points("score", {{"labels", labels}, {"split", nullptr}, {"silhouette", labels.is_null()}}, {0});
  task.inputs["clusters"] = {"cluster", {clusters_key, 0}};
  task.inputs["labels"] = {"labels", {labels_key, 0}};
  return task;
}

void publish_labels(const ArtifactStore& store, const DatasetSource& source) {
  const std::filesystem::path staged = store.new_staging_folder();
  ImageLabels(source).write(staged);
  store.publish(staged, "labels", {labels_key, 0}, Json::object());
}

}  // namespace

TEST(ScoreStage, ScoresAgainstLabelsAndPublicSplit) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  // Six images; the second to the fifth have a label, and the last two of these are public.
  const std::vector<std::uint8_t> images(6 * 4);
  write_npy(folder / "images.npy", std::span<const std::uint8_t>(images), {6, 2, 2, 1});
  write_npy(folder / "labels.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{7, 7, 3, 3}), {4});
  write_npy(folder / "public.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{3, 4}), {2});
  DatasetSource source;
  source.name = "six";
  source.images = {folder / "images.npy"};
  source.labels = {{folder / "labels.npy", 1}};
  source.split.public_indices = folder / "public.npy";
  publish_clusters(store, {0, 0, 1, 1, 1, 1});
  publish_labels(store, source);
  TestContext context(store, score_task({{"sha256", "of these"}}));
  run_score(context);
  // Classes 3 and 7 are 0 and 1; cluster 0 is class 1, cluster 1 class 0; image 2 is wrong.
  const Json metrics = store.read_record("score", {task_key, 0}).at("metrics");
  EXPECT_EQ(metrics.at("labelled"), 4);
  EXPECT_EQ(metrics.at("accuracy"), 0.75);
  EXPECT_EQ(metrics.at("accuracy_public"), 1);
  EXPECT_EQ(metrics.at("accuracy_private"), 0.5);
  EXPECT_FALSE(metrics.contains("silhouette"));
  const std::filesystem::path published = store.folder("score", {task_key, 0});
  const NpyFile assignment(published / "assignment.npy"), predictions(published / "predictions.npy");
  EXPECT_EQ(std::vector(assignment.int32s().begin(), assignment.int32s().end()), (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(std::vector(predictions.int32s().begin(), predictions.int32s().end()),
            (std::vector<std::int32_t>{1, 1, 0, 0, 0, 0}));
  EXPECT_EQ(NpyFile(published / "confusion.npy").header().shape, (std::vector<std::int64_t>{2, 2}));
}

TEST(ScoreStage, NoiseIsTheLastRowOfTheConfusionMatrixAndHasNoClass) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const std::vector<std::uint8_t> images(4 * 4);
  write_npy(folder / "images.npy", std::span<const std::uint8_t>(images), {4, 2, 2, 1});
  write_npy(folder / "labels.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{7, 7, 3, 3}), {4});
  DatasetSource source{.name = "four", .images = {folder / "images.npy"}};
  source.labels = {{folder / "labels.npy", 0}};
  for (const std::vector<std::int32_t>& clusters : {std::vector<std::int32_t>{0, -1, 1, 1}, std::vector<std::int32_t>{-1, -1, -1, -1}}) {
    const ArtifactStore other(folder / (clusters[0] < 0 ? "all" : "some"));
    publish_clusters(other, clusters);
    publish_labels(other, source);
    TestContext context(other, score_task({{"sha256", "of these"}}));
    run_score(context);
    const auto found = static_cast<std::int64_t>(clusters[0] < 0 ? 0 : 2);
    const std::filesystem::path published = other.folder("score", {task_key, 0});
    const NpyFile predictions(published / "predictions.npy");
    EXPECT_EQ(predictions.int32s()[1], -1);
    EXPECT_EQ(NpyFile(published / "assignment.npy").header().shape, (std::vector<std::int64_t>{found}));
    EXPECT_EQ(NpyFile(published / "confusion.npy").header().shape, (std::vector<std::int64_t>{found + 1, 2}));
    const Json record = other.read_record("score", {task_key, 0});
    EXPECT_EQ(record.at("metrics").at("accuracy"), found > 0 ? 0.75 : 0.0);
    EXPECT_EQ(record.at("record").at("clusters"), found);
  }
}

TEST(ScoreStage, WithoutLabelsThereIsASilhouette) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const MatrixRf points = random_groups(12, 3, 2, 5, 1);
  publish_latents(store, points);
  const std::vector<std::int32_t> clusters{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  publish_clusters(store, clusters);
  TestContext context(store, score_task(nullptr));
  run_score(context);
  EXPECT_EQ(store.read_record("score", {task_key, 0}).at("metrics"),
            (Json{{"labelled", 0}, {"silhouette", silhouette(ref(points), clusters, 1)}}));
}

TEST(ScoreStage, TheSilhouetteTakesNoiseForACluster) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const MatrixRf points = random_groups(6, 3, 2, 5, 1);
  publish_latents(store, points);
  const std::vector<std::int32_t> clusters{0, -1, 0, -1, 0, -1};
  publish_clusters(store, clusters);
  TestContext context(store, score_task(nullptr));
  run_score(context);
  EXPECT_EQ(store.read_record("score", {task_key, 0}).at("metrics").at("silhouette"), silhouette(ref(points), clusters, 1));
}

TEST(ScoreStage, ASilhouetteOfOneClusterIsUndefinedAndNoFailure) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  publish_latents(store, random_points(4, 3, 1));
  publish_clusters(store, {0, 0, 0, 0});
  TestContext context(store, score_task(nullptr));
  run_score(context);
  const Json record = store.read_record("score", {task_key, 0});
  EXPECT_EQ(record.at("metrics"), (Json{{"labelled", 0}}));
  EXPECT_EQ(record.at("record").at("silhouette"), "undefined for 4 images in 1 clusters");
}

// The catalogue says what a metric needs; tables and figures of a data set without labels leave out what needs them.
TEST(ScoreStage, RecordsWithAndWithoutLabelsWhatTheCatalogueSays) {
  TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  const std::vector<std::uint8_t> images(8 * 4);
  write_npy(folder / "images.npy", std::span<const std::uint8_t>(images), {8, 2, 2, 1});
  write_npy(folder / "labels.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{0, 0, 1, 1, 0, 0, 1, 1}), {8});
  DatasetSource source{.name = "eight", .images = {folder / "images.npy"}};
  source.labels = {{folder / "labels.npy", 0}};
  publish_labels(store, source);
  publish_latents(store, random_groups(8, 3, 2, 5, 1));
  publish_clusters(store, {0, 1, 0, 1, 0, 1, 0, 0});
  auto recorded = [&](const Json& labels, const std::string& key) {
    protocol::Run task = score_task(labels);
    task.key = key;
    TestContext context(store, task);
    run_score(context);
    return store.read_record("score", {key, 0}).at("metrics");
  };
  const Json with = recorded({{"sha256", "of these"}}, task_key), without = recorded(nullptr, std::string(64, 'e'));
  for (const Metric& metric : all_metrics) {
    if (metric.stage != "score") continue;
    EXPECT_EQ(without.contains(metric.name), !metric.needs_labels) << metric.name << (metric.needs_labels ? " says" : " does not say") << " needs_labels";
    EXPECT_TRUE(with.contains(metric.name) || !metric.needs_labels) << metric.name << " is not recorded";
  }
}
