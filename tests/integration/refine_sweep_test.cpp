// Encoders that are refined towards clusters, by the real programs.
#include <algorithm>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::read_file;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

class RefineSweep : public SweepFixture {
 protected:
  void sweep(const std::string& refine) {
    write("sweep.yaml", R"(name: small
dataset:
  synthetic: {images: 150, classes: 3, channels: 1, height: 8, width: 8, seed: 3, noise: 0.3}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 4, 3, 2, 1]}, relu, {batch_norm2d: [4]}]
    decoder: [{conv_transpose2d: [4, channels, 2, 2]}, tanh]
train: {batch_size: 32, epochs: 2}
grid:
  architecture: tiny
  latent_dim: 6
  refine: )" + refine + "\nreport: {figures: []}\n");
  }
  int tasks(const std::string& stage) {
    return query("SELECT count(DISTINCT key) AS n FROM tasks WHERE stage = '" + stage + "'")[0]["n"];
  }
  // The files of the refined model, by name.
  std::map<std::string, std::string> refined(const std::string& epochs) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / results_ / "artifacts" / "refine")) {
      if (entry.path().extension() == ".npy" && entry.path().parent_path().filename() == epochs) files[entry.path().filename()] = read_file(entry.path());
    }
    return files;
  }
};

}  // namespace

TEST_F(RefineSweep, OneTrainingServesEveryRefinement) {
  sweep("[none, dec: {epochs: [1, 3], update_interval: 4, tolerance: 0}, idec: {epochs: 2, update_interval: 4, tolerance: 0}]");
  EXPECT_EQ(run(), summary(4, 0, 0, 1 + 1 + 1 + 2 + 4 + 4 + 4, 0, 0)) << "load, labels, train, two refinements; encode, cluster and score each";
  EXPECT_EQ(tasks("train"), 1);
  EXPECT_EQ(tasks("refine"), 2);
  const Json rows = query("SELECT parameter('refine', params, clustering) AS refine, clusters_changed IS NULL AS unknown FROM results ORDER BY 1");
  EXPECT_EQ(rows[0], (Json{{"refine", "dec"}, {"unknown", 0}}));
  EXPECT_EQ(rows[3], (Json{{"refine", "none"}, {"unknown", 1}}));
}

TEST_F(RefineSweep, ItsCentersLabelTheImages) {
  sweep("{dec: {epochs: 2, update_interval: 4, tolerance: 0}}\n  clustering: heads");
  EXPECT_EQ(run(), summary(1, 0, 0, 1 + 1 + 1 + 1 + 1 + 1 + 1, 0, 0)) << "load, labels, train, refine, encode, cluster, score";
  const Json row = query("SELECT clustering, clusters_found, accuracy FROM results")[0];
  EXPECT_EQ(row["clustering"], "heads");
  EXPECT_LE(row["clusters_found"].get<int>(), 3);
  EXPECT_GE(row["accuracy"].get<double>(), 1.0 / 3);
}

TEST_F(RefineSweep, AnInterruptedRunAndALongerOneGiveTheSameBytes) {
  sweep("{dec: {epochs: 3, update_interval: 4, tolerance: 0}}");
  run();
  const auto straight = refined("3");
  EXPECT_GT(straight.size(), 5u);
  results_ = "in_two_parts";
  sweep("{dec: {epochs: 1, update_interval: 4, tolerance: 0}}");
  run();
  sweep("{dec: {epochs: 3, update_interval: 4, tolerance: 0}}");
  run(0, {"-j1"});
  EXPECT_EQ(refined("3"), straight);
}

TEST_F(RefineSweep, TheRefinedEncoderIsTheOneThatIsExported) {
  sweep("{dec: {epochs: 2, update_interval: 4, tolerance: 0}}");
  run();
  const std::string job = query("SELECT job FROM results")[0]["job"];
  const CommandResult exported = call({"export", "encoder", job, "--out", (folder_ / "refined.pt").string()});
  EXPECT_EQ(exported.exit_code, 0) << exported.err;
  sweep("none");
  run();
  const std::string plain = query("SELECT job FROM results WHERE clusters_changed IS NULL")[0]["job"];
  EXPECT_EQ(call({"export", "encoder", plain, "--out", (folder_ / "plain.pt").string()}).exit_code, 0);
  EXPECT_NE(read_file(folder_ / "refined.pt"), read_file(folder_ / "plain.pt"));
}
