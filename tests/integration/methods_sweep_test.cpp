// Sweeps with the reductions and clusterings that have extents, snapshots and a number of clusters of their own, by the real programs.
#include "base/file_system.hpp"
#include "base/random.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::write_npy;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

// Three groups of 40 rows, and labels.
class MethodSweep : public SweepFixture {
 protected:
  void SetUp() override {
    latentgrid::RandomStream random(1, "test");
    std::vector<float> features;
    std::vector<std::int64_t> labels;
    for (int i = 0; i < 120; ++i) {
      labels.push_back(i % 3);
      for (int d = 0; d < 6; ++d) features.push_back(static_cast<float>((d == i % 3 ? 12.0 : 0.0) + random.normal()));
    }
    write_npy(folder_ / "rows.npy", std::span<const float>(features), {120, 6});
    write_npy(folder_ / "labels.npy", std::span<const std::int64_t>(labels), {120});
  }
  void sweep(const std::string& grid) {
    write("sweep.yaml", "name: test\ndataset: {features: rows.npy, labels: labels.npy}\ngrid:\n  architecture: features\n" + grid +
                            "report: {figures: []}\n");
  }
  int tasks(const std::string& stage) {
    return query("SELECT count(DISTINCT key) AS n FROM tasks WHERE stage = '" + stage + "'")[0]["n"];
  }
};

}  // namespace

TEST_F(MethodSweep, OneTreeServesEveryK) {
  sweep("  clustering: [{agglomerative: {linkage: ward, k: [2, 3, 5, auto]}}]\n");
  EXPECT_EQ(run(), summary(4, 0, 0, 7, 0, 0)) << "encode, labels, one tree, a score for each k";
  EXPECT_EQ(tasks("cluster"), 1);
  EXPECT_EQ(query("SELECT k, clusters_found, accuracy FROM results ORDER BY k, clusters_found"),
            Json::parse(R"([{"k": null, "clusters_found": 3, "accuracy": 1.0}, {"k": 2, "clusters_found": 2, "accuracy": 0.6666666666666666},
                            {"k": 3, "clusters_found": 3, "accuracy": 1.0}, {"k": 5, "clusters_found": 5, "accuracy": 0.7833333333333333}])"));
  // Another k is cut from the same tree, made anew; those that are there stay.
  sweep("  clustering: [{agglomerative: {linkage: ward, k: [2, 4]}}]\n");
  EXPECT_EQ(run(), summary(2, 0, 0, 2, 3, 0));
}

TEST_F(MethodSweep, OneTreeServesEveryClusterSizeAndNoiseIsRecorded) {
  sweep("  clustering: [{hdbscan: {min_samples: 4, min_cluster_size: [5, 30, 100]}}]\n");
  EXPECT_EQ(run(), summary(3, 0, 0, 6, 0, 0));
  EXPECT_EQ(tasks("cluster"), 1);
  const Json rows = query("SELECT clusters_found, noise FROM results ORDER BY clusters_found");
  EXPECT_EQ(rows[0], Json::parse(R"({"clusters_found": 0, "noise": 1.0})"));
  EXPECT_EQ(rows[1]["clusters_found"], 3);
  EXPECT_EQ(rows[2]["clusters_found"], 3);
}

TEST_F(MethodSweep, SnapshotsOfUmapAreOneRunAndEpochsAreNot) {
  sweep("  reduction: [{umap: {n_neighbors: 10, epochs: 60, snapshots: [20, auto]}}]\n");
  EXPECT_EQ(run(), summary(2, 0, 0, 7, 0, 0));
  EXPECT_EQ(tasks("reduce"), 1);
  sweep("  reduction: [{umap: {n_neighbors: 10, epochs: [60, 80]}}]\n");
  EXPECT_EQ(plan()["sharing_refused"],
            Json::parse(R"(["reduce umap of features, seed 0: epochs 60, 80 are separate runs, because the learning rate depends on the total number of epochs"])"));
  EXPECT_EQ(run(), summary(2, 0, 0, 3, 5, 0));
}

TEST_F(MethodSweep, UmapsOfOtherEpochsShareTheirGraphAndStart) {
  const auto starts = [this] {
    int found = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / results_ / "artifacts" / "start")) found += entry.path().filename() == "graph_values.npy";
    return found;
  };
  const auto embedding = [this] {
    const std::string key = query("SELECT key FROM tasks WHERE stage = 'reduce' AND extent = 80")[0]["key"];
    return latentgrid::read_file(folder_ / results_ / "artifacts" / "reduce" / key.substr(0, 2) / key / "80" / "embedding.npy");
  };
  sweep("  reduction: [{umap: {n_neighbors: 10, epochs: [60, 80], min_dist: 0}}, {umap: {n_neighbors: 10, epochs: 60, min_dist: 0.1}}]\n");
  EXPECT_EQ(run()["jobs"]["complete"], 3);
  EXPECT_EQ(starts(), 1);
  const std::string shared = embedding();
  sweep("  reduction: [{umap: {n_neighbors: 10, epochs: 60}}, {umap: {n_neighbors: 12, epochs: 60}}]\n  seeds: [0, 1]\n");
  EXPECT_EQ(run()["jobs"]["complete"], 4);
  EXPECT_EQ(starts(), 4) << "other neighbors, another seed";
  results_ = "alone";
  sweep("  reduction: [{umap: {n_neighbors: 10, epochs: 80, min_dist: 0}}]\n");
  EXPECT_EQ(run()["jobs"]["complete"], 1);
  EXPECT_TRUE(shared == embedding()) << "the same bytes from a start that is made anew";
}

TEST_F(MethodSweep, SlicesOfAKernelPcaAreOneRun) {
  sweep("  reduction: [{kernel_pca: {dim: [2, 4], kernel: rbf}}, {laplacian_eigenmaps: {dim: [1, 2], n_neighbors: 10}}, {fast_ica: {dim: 3}}, l2_normalize]\n");
  EXPECT_EQ(run(), summary(6, 0, 0, 18, 0, 0));
  EXPECT_EQ(tasks("reduce"), 4);
}

TEST_F(MethodSweep, AMixtureAndASpectralClusteringChooseK) {
  sweep("  clustering: [{gmm: {k: auto, max_k: 5, covariance: diag}}, {spectral: {k: auto}}]\n");
  EXPECT_EQ(run(), summary(2, 0, 0, 6, 0, 0));
  EXPECT_EQ(query("SELECT DISTINCT k, clusters_found, accuracy FROM results"), Json::parse(R"([{"k": null, "clusters_found": 3, "accuracy": 1.0}])"));
}

TEST_F(MethodSweep, WhatIsImpossibleIsSaidBeforeAnythingRuns) {
  sweep("  reduction: [{umap: {n_neighbors: 500}}]\n");
  const CommandResult result = call({"validate", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("UMAP with n_neighbors 500 needs as many images, and there are 120\n"), std::string::npos) << result.err;
}
