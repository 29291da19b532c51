// Sweeps on the vectors of another model, by the real programs.
#include <cmath>

#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::write_npy;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

class FeatureSweep : public SweepFixture {
 protected:
  void SetUp() override {
    std::vector<float> features;
    std::vector<std::int64_t> labels;
    for (int i = 0; i < 40; ++i) {
      labels.push_back(i % 2);
      for (int d = 0; d < 5; ++d) features.push_back(static_cast<float>(10 * (i % 2) + std::sin(i * 5 + d)));
    }
    write_npy(folder_ / "dino.npy", std::span<const float>(features), {40, 5});
    write_npy(folder_ / "labels.npy", std::span<const std::int64_t>(labels), {40});
    write("sweep.yaml", "name: test\ndataset: {features: dino.npy, labels: labels.npy}\n" + grid);
  }

  const std::string grid =
      "grid: {architecture: features, reduction: [none, {pca: {dim: 2}}, [standardize, {pca: {dim: 3, whiten: true}}]]}\n"
      "report: {figures: [map]}\n";
};

}  // namespace

TEST_F(FeatureSweep, EverythingBehindTheEncoderWorksWithoutImages) {
  EXPECT_EQ(run(), summary(3, 0, 0, 17, 0, 0));
  EXPECT_EQ(query("SELECT architecture, latent, latent_dim, epochs, recon_mse, accuracy FROM results WHERE reduction = 'none'"),
            Json::parse(R"([{"architecture": "features", "latent": null, "latent_dim": 5, "epochs": null, "recon_mse": null, "accuracy": 1.0}])"));
  EXPECT_EQ(run(), summary(3, 0, 0, 0, 17, 0)) << "a second run has nothing to do";
  const CommandResult report = call({"report", "test"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  const std::string job = query("SELECT job FROM results WHERE reduction = 'none'")[0]["job"];
  EXPECT_EQ(call({"export", "labels", job, "--out", "-"}).exit_code, 0);
  EXPECT_EQ(call({"show", job}).exit_code, 0);
  EXPECT_EQ(call({"explain", job, query("SELECT job FROM results WHERE reduction = 'pca'")[0]["job"]}).exit_code, 0);
}

TEST_F(FeatureSweep, OtherVectorsAreOtherWork) {
  EXPECT_EQ(run(), summary(3, 0, 0, 17, 0, 0));
  const std::vector<float> other(200, 0.5f);
  std::vector<float> changed = other;
  for (std::size_t i = 0; i < changed.size(); ++i) changed[i] += static_cast<float>(i % 7);
  write_npy(folder_ / "dino.npy", std::span<const float>(changed), {40, 5});
  EXPECT_EQ(run(), summary(3, 0, 0, 16, 1, 0));
}

TEST_F(FeatureSweep, WhatTheDatasetDoesNotHaveIsAnErrorAtTheArchitecture) {
  write("sweep.yaml", "name: test\ndataset: {features: dino.npy}\ngrid: {architecture: [features, raw], clustering: {kmeans: {k: 2}}}\n");
  CommandResult result = call({"validate", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("3:33: error: the architecture raw needs images, and the dataset has features alone"), std::string::npos) << result.err;
  write("sweep.yaml", "name: test\ndataset: {synthetic: {images: 9}}\ngrid: {architecture: features, clustering: {kmeans: {k: 2}}}\n");
  result = call({"validate", (folder_ / "sweep.yaml").string()});
  EXPECT_NE(result.err.find("3:22: error: the architecture features needs features, and the dataset has none"), std::string::npos) << result.err;
}
