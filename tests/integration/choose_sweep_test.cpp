// Which job, without labels: measures of what the real programs have made.
#include "base/random.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::write_npy;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

// Three groups of 40 rows in two of six dimensions; the others are noise of growing size.
class ChooseSweep : public SweepFixture {
 protected:
  void SetUp() override {
    latentgrid::RandomStream random(1, "test");
    std::vector<float> features;
    std::vector<std::int64_t> labels;
    for (int i = 0; i < 120; ++i) {
      labels.push_back(i % 3);
      for (int d = 0; d < 6; ++d) {
        const double center = d == 0 ? 6.0 * (i % 3) : d == 1 ? 6.0 * (i % 2) : 0;
        features.push_back(static_cast<float>(center + random.normal()));
      }
    }
    write_npy(folder_ / "rows.npy", std::span<const float>(features), {120, 6});
    write_npy(folder_ / "labels.npy", std::span<const std::int64_t>(labels), {120});
  }
  void sweep(const std::string& dataset, const std::string& rest) {
    write("sweep.yaml", "name: test\ndataset: {" + dataset + "}\ngrid:\n  architecture: features\n" + rest);
  }
  Json choose(std::vector<std::string> words) {
    words.insert(words.begin(), {"choose", "test"});
    words.push_back("--json");
    const CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
};

}  // namespace

TEST_F(ChooseSweep, MeasuresWhatARunHasLeft) {
  sweep("features: rows.npy, labels: labels.npy",
        "  reduction: [none, {pca: {dim: [1, 2]}}]\n  clustering: [{kmeans: {n_init: 1}}, {hdbscan: {min_cluster_size: "
        "20}}]\n  seeds: [0, 1]\n"
        "report:\n  tables: [{columns: [label, clustering, agreement, silhouette_in], space: features, sort: "
        "silhouette_in}]\n  figures: []\n");
  run();
  const Json found = choose({"--space", "features"});
  EXPECT_EQ(found.at("jobs").size(), 12u);
  EXPECT_EQ(found.at("images"), 120);
  EXPECT_EQ(found.at("clusterings"), 9) << "HDBSCAN draws nothing at random: its seeds share a clustering";
  for (const Json& job : found.at("jobs")) {
    EXPECT_TRUE(job.at("agreement").is_number()) << job.dump();
    if (job.at("clustering") != "hdbscan") continue;
    EXPECT_EQ(job.at("stability"), 1.0) << job.dump();
  }
  // Noise is a cluster of its own, here as in the score without labels.
  EXPECT_EQ(found.at("choice").at("measures").size(), 4u);
  EXPECT_EQ(found.at("choice").at("measures")[0].at("settings"), 6);
  const CommandResult report = call({"report", "test", "--format", "csv"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_NE(report.out.find("silhouette in features"), std::string::npos) << report.out;
  const CommandResult sorted = call({"choose", "test", "--by", "agreement", "--limit", "1", "--format", "csv"});
  EXPECT_EQ(std::count(sorted.out.begin(), sorted.out.end(), '\n'), 2) << sorted.out << sorted.err;
}

TEST_F(ChooseSweep, SilhouettesInAJobsPointsAreThoseOfItsScore) {
  sweep("features: rows.npy", "  clustering: [{kmeans: {k: 3}}, {kmeans: {k: 4}}]\n");
  run();
  const Json found = choose({"--space", "features"});
  EXPECT_TRUE(found.at("choice").is_null()) << "no labels";
  const Json scores = query("SELECT job, silhouette FROM results ORDER BY k");
  ASSERT_EQ(found.at("jobs").size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(found.at("jobs")[i].at("silhouette_in"), scores[i].at("silhouette"));
  EXPECT_EQ(choose({"--space", scores[0].at("job")}).at("jobs")[0].at("silhouette_in"), scores[0].at("silhouette"));
}

TEST_F(ChooseSweep, WhatWasRemovedIsNamed) {
  sweep("features: rows.npy, labels: labels.npy", "  clustering: [{kmeans: {k: 3}}, {kmeans: {k: 4}}]\n");
  run();
  std::filesystem::remove_all(folder_ / results_ / "artifacts" / "encode");
  const CommandResult result = call({"choose", "test", "--space", "features"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("latentgrid: features cannot be read: "), std::string::npos) << result.err;
  EXPECT_EQ(call({"choose", "test"}).exit_code, 0) << "agreement reads the clusters alone";
}
