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
  void sweep(const std::string& refine, const std::string& figures = "[]") {
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
  refine: )" + refine + "\nreport: {figures: " + figures + "}\n");
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
  sweep("[none, dec: {epochs: [1, 3], batch_size: 32, update_interval: 4, tolerance: 0}, idec: {epochs: 2, batch_size: 32, update_interval: 4, tolerance: 0}]");
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

// The first targets stay, so that every epoch runs.
TEST_F(RefineSweep, ShowAndTheReportTellTrainingAndRefinementApart) {
  sweep("[none, dec: {epochs: [1, 3], update_interval: 1000}]", "[reconstructions, training_curves]");
  run();
  const std::string job = query("SELECT job FROM results WHERE parameter('dec.epochs', params, clustering) = 3")[0]["job"];
  const std::string shown = call({"show", job}).out;
  const std::size_t training = shown.find("\ntraining losses\n"), refinement = shown.find("\nrefinement losses\n");
  ASSERT_NE(training, std::string::npos) << shown;
  ASSERT_NE(refinement, std::string::npos) << shown;
  EXPECT_LT(training, refinement);
  EXPECT_EQ(std::count(shown.begin() + static_cast<std::ptrdiff_t>(refinement), shown.end(), '\n'), 2 + 1 + 3) << "three epochs:\n" << shown;
  for (const char* part : {"dec.epochs", "dec.k", "refine"}) EXPECT_NE(shown.find(part), std::string::npos) << part;
  for (const char* part : {"dec.device", "dec.precision", "dec.convolution", "dec.memory_format"}) EXPECT_EQ(shown.find(part), std::string::npos) << part;
  const CommandResult reported = call({"report", "small"});
  ASSERT_EQ(reported.exit_code, 0) << reported.err;
  const std::string report = read_file(folder_ / results_ / "reports" / "small" / "report.md");
  EXPECT_NE(report.find("Refinements minimize other losses and are not drawn"), std::string::npos) << report;
  EXPECT_NE(report.find("The autoencoders are tiny after 2 epochs, refine none, seed 0; tiny after 2 epochs, refine dec, dec.epochs 3, seed 0."), std::string::npos) << report;
  EXPECT_EQ(report.find("memory_format"), std::string::npos);
}

TEST_F(RefineSweep, RemovedCheckpointsAreRefinedAgainWhereSomethingNeedsThem) {
  sweep("{dec: {epochs: [1, 2, 3], update_interval: 1000}}");
  run();
  std::map<std::string, std::map<std::string, std::string>> before;
  for (const char* epochs : {"1", "2", "3"}) before[epochs] = refined(epochs);
  const CommandResult collected = call({"gc", "--checkpoints", "--delete", "--json"});
  ASSERT_EQ(collected.exit_code, 0) << collected.err;
  EXPECT_GE(Json::parse(collected.out)["kinds"]["checkpoints"]["number"], 1) << "all but the last and the best job's";
  EXPECT_EQ(refined("3"), before["3"]) << "the last stays";
  std::string removed = refined("1").empty() ? "1" : "2";
  EXPECT_TRUE(refined(removed).empty());
  const int tasks_in_all = plan()["tasks"];
  EXPECT_EQ(run(), summary(3, 0, 0, 0, tasks_in_all, 0)) << "nothing reads it";
  const Json encoded = query("SELECT e.key AS key FROM tasks r JOIN job_tasks p ON p.task = r.id JOIN job_tasks q ON q.job = p.job JOIN tasks e ON e.id = q.task "
                             "WHERE r.stage = 'refine' AND r.extent = " + removed + " AND e.stage = 'encode'");
  const std::string key = encoded[0]["key"];
  fs::remove_all(folder_ / results_ / "artifacts" / "encode" / key.substr(0, 2) / key);
  EXPECT_EQ(run(), summary(3, 0, 0, 2, tasks_in_all - 2, 0)) << "encode, and refine for it";
  EXPECT_EQ(refined(removed), before[removed]);
}
