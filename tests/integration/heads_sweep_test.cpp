// Clusters that a training's own heads give, by the real programs.
#include <algorithm>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::NpyFile;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

class HeadsSweep : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", R"(name: test
dataset: {synthetic: {images: 150, classes: 3, channels: 1, height: 8, width: 8, seed: 3, noise: 0.3}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 4, 3, 2, 1]}, relu, {batch_norm2d: [4]}, flatten]
    decoder: [{unflatten: {unflattened_size: [4, 4, 4]}}, {conv_transpose2d: [4, channels, 2, 2]}, tanh]
train: {batch_size: 32, learning_rate: 0.01}
grid:
  architecture: tiny
  training: {contrastive: {heads: 4, head_clusters: 3, overclusters: 6, projection_dim: 8}}
  augment: [[horizontal_flip, {noise: {sd: 0.1}}]]
  epochs: [1, 3]
  clustering: [kmeans, heads]
  seeds: [0, 1]
report: {figures: []}
)");
  }

  fs::path artifact(const std::string& job, const std::string& stage) {
    const Json row = query("SELECT t.key, t.extent FROM job_tasks j JOIN tasks t ON t.id = j.task WHERE j.job = '" + job + "' AND j.stage = '" + stage + "'")[0];
    const std::string key = row["key"];
    return folder_ / results_ / "artifacts" / stage / key.substr(0, 2) / key / std::to_string(row["extent"].get<int>());
  }
  // Of a checkpoint.
  static NpyFile tensor(const fs::path& folder, const std::string& name) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.path().filename().string().ends_with("_head.clusters." + name + ".npy")) return NpyFile(entry.path());
    }
    throw std::runtime_error("no tensor " + name);
  }

  // What the head of least loss gives, from what the artifacts hold.
  std::vector<std::int32_t> expected(const std::string& job) {
    const fs::path model = artifact(job, "train");
    const NpyFile losses_of = tensor(model, "losses"), weight_of = tensor(model, "main.weight"), bias_of = tensor(model, "main.bias");
    const auto losses = losses_of.floats(), weight = weight_of.floats(), bias = bias_of.floats();
    EXPECT_EQ(losses.size(), 4u);
    const std::size_t best = static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
    const NpyFile file(artifact(job, "encode") / "latents.npy");
    const std::size_t width = 64, k = 3;
    std::vector<std::int32_t> clusters;
    for (std::size_t image = 0; image < 150; ++image) {
      std::vector<double> score(k);
      for (std::size_t cluster = 0; cluster < k; ++cluster) {
        score[cluster] = bias[best * k + cluster];
        for (std::size_t i = 0; i < width; ++i) score[cluster] += double{weight[(best * k + cluster) * width + i]} * file.floats()[image * width + i];
      }
      clusters.push_back(static_cast<std::int32_t>(std::max_element(score.begin(), score.end()) - score.begin()));
    }
    return clusters;
  }
};

}  // namespace

TEST_F(HeadsSweep, GivesTheClustersOfTheBestHead) {
  EXPECT_EQ(run(), summary(8, 0, 0, 1 + 2 + 4 + 8 + 8 + 1, 0, 0)) << "load, a training a seed, encode, cluster, score, labels";
  const Json jobs = query("SELECT job, clusters_found, accuracy FROM results WHERE clustering = 'heads'");
  ASSERT_EQ(jobs.size(), 4);
  for (const Json& job : jobs) {
    const NpyFile clusters(artifact(job["job"], "cluster") / "clusters.npy");
    EXPECT_EQ(std::vector(clusters.int32s().begin(), clusters.int32s().end()), expected(job["job"]));
    EXPECT_GE(job["accuracy"].get<double>(), 1.0 / 3);
  }
  EXPECT_EQ(run(), summary(8, 0, 0, 0, 24, 0));
  const CommandResult report = call({"report", "test"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_NE(report.out.find("heads"), std::string::npos) << report.out;
  EXPECT_EQ(call({"export", "labels", jobs[0]["job"], "--out", "-"}).exit_code, 0);
}

TEST_F(HeadsSweep, ContinuedAndByOneWorkerItGivesTheSameBytes) {
  const auto clusters = [this] {
    std::map<std::string, std::string> found;
    for (const Json& row : query("SELECT job FROM results")) found[row["job"]] = latentgrid::read_file(artifact(row["job"], "cluster") / "clusters.npy");
    return found;
  };
  run(0, {"--set", "grid.epochs=1"});
  run(0, {"-j", "1"});
  const std::map<std::string, std::string> continued = clusters();
  results_ = "results2";
  run();
  EXPECT_EQ(clusters(), continued);
}

TEST_F(HeadsSweep, HeadsAreATrainingOfTheirOwn) {
  run(0, {"--set", "grid.training=contrastive", "--set", "grid.clustering=kmeans"});
  EXPECT_EQ(run()["tasks"]["reused"], 2) << "load and labels";
}

TEST_F(HeadsSweep, WhatIsImpossibleIsSaidBeforeAnythingRuns) {
  const CommandResult result = call({"validate", (folder_ / "sweep.yaml").string(), "--set", "grid.reduction={pca: {dim: 2}}"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("error: heads label what the encoder makes of an image, and cannot stand behind a reduction\n"), std::string::npos) << result.err;
}
