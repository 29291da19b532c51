#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "support/random_points.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;
using worker::Interrupted;
using worker::TaskError;

namespace {

Json tsne(double perplexity = 8, std::int64_t dim = 2) {
  return {{"method", "tsne"},
          {"dim", dim},
          {"perplexity", perplexity},
          {"early_exaggeration", 12.0},
          {"early_exaggeration_iterations", 20},
          {"learning_rate", 0.0},
          {"initial_momentum", 0.5},
          {"final_momentum", 0.8},
          {"init", "pca"},
          {"repulsion", "auto"},
          {"min_gradient_norm", 0.0},
          {"iterations_without_progress", 0}};
}

class ReduceStage : public ::testing::Test {
 protected:
  void SetUp() override { publish_latents(store, random_groups(80, 9, 3, 4, 2)); }

  // Every file of a published artifact.
  std::string bytes(const ArtifactStore& from, std::int64_t extent, const std::string& key = task_key) const {
    std::string all;
    for (const char* name : {"embedding.npy", "velocity.npy", "gains.npy", "state.json", "task.json"}) {  // with "usage"
      all += read_file(from.folder("reduce", {key, extent}) / name);
    }
    return all;
  }

  TemporaryFolder folder;
  ArtifactStore store{folder.path()};
};

}  // namespace

TEST_F(ReduceStage, PcaPublishesASliceForEachDimension) {
  TestContext context(store, on_points("reduce", {{"method", "pca"}, {"width", 9}}, {2, 5}));
  run_reduce(context);
  EXPECT_EQ(context.published, (std::vector<std::int64_t>{2, 5}));
  const NpyFile two(store.folder("reduce", {task_key, 2}) / "embedding.npy"),
      five(store.folder("reduce", {task_key, 5}) / "embedding.npy");
  EXPECT_EQ(two.header().shape, (std::vector<std::int64_t>{80, 2}));
  EXPECT_EQ(five.header().shape, (std::vector<std::int64_t>{80, 5}));
  for (int i = 0; i < 80; ++i) EXPECT_EQ(two.floats()[2 * i + 1], five.floats()[5 * i + 1]);
  const auto shape_of = [&](const char* name) {
    return NpyFile(store.folder("reduce", {task_key, 5}) / name).header().shape;
  };
  EXPECT_EQ(shape_of("components.npy"), (std::vector<std::int64_t>{5, 9}));
  EXPECT_EQ(shape_of("mean.npy"), (std::vector<std::int64_t>{9}));
  EXPECT_EQ(shape_of("explained_variance_ratio.npy"), (std::vector<std::int64_t>{5}));
  EXPECT_GT(store.read_record("reduce", {task_key, 5}).at("metrics").at("explained_variance"), 0.5);
}

TEST_F(ReduceStage, TsneGoesOnFromThePublishedExtentBelow) {
  TestContext straight(store, on_points("reduce", tsne(), {30, 60}));
  run_reduce(straight);
  EXPECT_EQ(straight.progress_calls, 60);

  TemporaryFolder other_folder;
  ArtifactStore other(other_folder.path());
  publish_latents(other, random_groups(80, 9, 3, 4, 2));
  TestContext first(other, on_points("reduce", tsne(), {30}));
  run_reduce(first);
  TestContext second(other, on_points("reduce", tsne(), {30, 60}));
  run_reduce(second);
  EXPECT_EQ(second.published, (std::vector<std::int64_t>{60}));
  EXPECT_EQ(second.progress_calls, 30) << "only what was missing";
  for (std::int64_t extent : {30, 60}) EXPECT_EQ(bytes(other, extent), bytes(store, extent));
}

TEST_F(ReduceStage, AnInterruptedTsneGoesOnFromItsCheckpoint) {
  TestContext straight(store, on_points("reduce", tsne(), {60}));
  run_reduce(straight);

  TemporaryFolder other_folder;
  ArtifactStore other(other_folder.path());
  publish_latents(other, random_groups(80, 9, 3, 4, 2));
  TestContext stopped(other, on_points("reduce", tsne(), {60}));
  stopped.on_progress = [](std::int64_t done, std::int64_t total) {
    EXPECT_EQ(total, 60);
    if (done == 35) throw Interrupted();
  };
  EXPECT_THROW(run_reduce(stopped), Interrupted);
  EXPECT_TRUE(stopped.published.empty());
  EXPECT_TRUE(std::filesystem::exists(other.partial(task_key) / "state.json"));

  TestContext resumed(other, on_points("reduce", tsne(), {60}));
  run_reduce(resumed);
  EXPECT_EQ(resumed.progress_calls, 25);
  EXPECT_EQ(bytes(other, 60), bytes(store, 60));
  EXPECT_FALSE(std::filesystem::exists(other.partial(task_key)));
  EXPECT_TRUE(std::filesystem::is_empty(other.root() / "tmp"));
}

TEST_F(ReduceStage, ADamagedCheckpointOnlyCostsTime) {
  std::filesystem::create_directories(store.partial(task_key));
  write_file_atomically(store.partial(task_key) / "state.json", R"({"extent": 20, "state": {"iter)");
  TestContext context(store, on_points("reduce", tsne(), {30}));
  run_reduce(context);
  EXPECT_EQ(context.progress_calls, 30);
}

TEST_F(ReduceStage, NeighborsForTheLargestPerplexityServeTheSmallerOnes) {
  const std::string large(64, 'c'), small(64, 'd'), alone(64, 'e');
  TestContext first(store, on_points("reduce", tsne(20), {30}, large));
  run_reduce(first);
  TestContext second(store, on_points("reduce", tsne(5, 3), {30}, small));
  run_reduce(second);
  std::vector<std::string> searches;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store.root() / "artifacts" / "neighbors")) {
    if (entry.path().filename() == "task.json") searches.push_back(entry.path().parent_path().filename());
  }
  EXPECT_EQ(searches, std::vector<std::string>{"61"});

  TemporaryFolder other_folder;
  ArtifactStore other(other_folder.path());
  publish_latents(other, random_groups(80, 9, 3, 4, 2));
  TestContext by_itself(other, on_points("reduce", tsne(5, 3), {30}, small));
  run_reduce(by_itself);
  EXPECT_EQ(bytes(other, 30, small), bytes(store, 30, small));
}

TEST_F(ReduceStage, AChainReadsTheEmbeddingBefore) {
  TestContext pca(store, on_points("reduce", {{"method", "pca"}, {"width", 9}}, {4}, std::string(64, 'c')));
  run_reduce(pca);
  protocol::Run task = on_points("reduce", tsne(), {10});
  task.inputs["points"] = {"reduce", {std::string(64, 'c'), 4}};
  TestContext context(store, task);
  run_reduce(context);
  EXPECT_EQ(NpyFile(store.folder("reduce", {task_key, 10}) / "embedding.npy").header().shape,
            (std::vector<std::int64_t>{80, 2}));
}

TEST_F(ReduceStage, NumbersThatAreNotFiniteAreADivergence) {
  const auto kind_of = [&](const protocol::Run& task) -> std::string {
    TestContext context(store, task);
    try {
      run_reduce(context);
    } catch (const TaskError& error) {
      return error.kind() + ": " + error.what();
    }
    return "";
  };
  Json wild = tsne();
  wild["learning_rate"] = 1e30;
  EXPECT_EQ(kind_of(on_points("reduce", wild, {60})).find("diverged: t-SNE: a coordinate is not finite after "), 0u);

  MatrixRf broken = random_points(10, 3, 1);
  broken(7, 2) = std::numeric_limits<float>::quiet_NaN();
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "latents.npy", std::span<const float>(broken.data(), 30), {10, 3});
  store.publish(staged, "encode", {std::string(64, 'f'), 0}, Json::object());
  protocol::Run task = on_points("reduce", {{"method", "pca"}, {"width", 3}}, {2});
  task.inputs["points"] = {"encode", {std::string(64, 'f'), 0}};
  EXPECT_EQ(kind_of(task), "diverged: " + (store.folder("encode", {std::string(64, 'f'), 0}) / "latents.npy").string() +
                               ": row 7, counted from 0, has values that are not finite");
}

TEST_F(ReduceStage, PointsTooFarApartForTheirDistancesAreADivergence) {
  const std::string key(64, 'e');
  const MatrixRf huge = random_points(10, 3, 1) * 1e30f;
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "latents.npy", std::span<const float>(huge.data(), 30), {10, 3});
  store.publish(staged, "encode", {key, 0}, Json::object());
  for (const Json& params : {Json{{"method", "pca"}, {"width", 3}}, tsne(2)}) {
    protocol::Run task = on_points("reduce", params, {2});
    task.inputs["points"] = {"encode", {key, 0}};
    TestContext context(store, task);
    try {
      run_reduce(context);
      ADD_FAILURE() << params;
    } catch (const TaskError& error) {
      EXPECT_EQ(error.kind(), "diverged");
      EXPECT_EQ(error.what(), (store.folder("encode", {key, 0}) / "latents.npy").string() +
                                  fmt::format(": values reach {:.3g}, and float32 cannot hold the squared distances between "
                                              "such images; lower the learning_rate of the training before",
                                              huge.cwiseAbs().maxCoeff()));
    }
  }
}

TEST_F(ReduceStage, PcaOfImagesThatAreAllEqualIsZeros) {
  const std::string key(64, 'e');
  const std::vector<float> equal(5 * 9, 0.25f);  // fewer images than columns
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "latents.npy", std::span<const float>(equal), {5, 9});
  store.publish(staged, "encode", {key, 0}, Json::object());
  protocol::Run task = on_points("reduce", {{"method", "pca"}, {"width", 5}}, {3});
  task.inputs["points"] = {"encode", {key, 0}};
  TestContext context(store, task);
  run_reduce(context);
  EXPECT_EQ(store.read_record("reduce", {task_key, 3}).at("metrics"), (Json{{"explained_variance", 0.0}}));
  const NpyFile embedding(store.folder("reduce", {task_key, 3}) / "embedding.npy");
  EXPECT_EQ(std::vector(embedding.floats().begin(), embedding.floats().end()), std::vector<float>(15, 0.0f));
}
