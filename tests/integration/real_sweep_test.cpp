// The whole chain with the real worker on a small synthetic set: counters, sharing, resuming, equal bytes.
#include <signal.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "base/file_system.hpp"
#include "base/random.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::read_file;
using latentgrid::testing::Command;
using latentgrid::testing::CommandResult;
using latentgrid::testing::run_command;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

// Per seed: train, encode at 2 epoch counts; pca (2 slices) and tsne (2 snapshots) of both; 4 clusterings and scores of both.
constexpr const char* small_sweep = R"(name: small
dataset:
  synthetic: {images: 150, classes: 3, channels: 1, height: 8, width: 8, seed: 3, noise: 0.3}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 4, 3, 2, 1]}, relu, {batch_norm2d: [4]}]
    decoder: [{conv_transpose2d: [4, channels, 2, 2]}, tanh]
train: {batch_size: 32}
grid:
  architecture: tiny
  latent_dim: 6
  epochs: [1, 3]
  reduction:
    - pca: {dim: [2, 4]}
    - tsne: {dim: 2, perplexity: 10, iterations: [60, 120]}
  seeds: [0, 1]
report: {figures: []}
)";
constexpr int jobs = 16, tasks = 1 + 2 + 4 + 8 + 16 + 16 + 1;

class RealSweep : public SweepFixture {
 protected:
  void SetUp() override { write("sweep.yaml", small_sweep); }

  std::string scores() {
    return call({"query",
                 "SELECT job, epochs, reduction, reduced_dim, seed, recon_mse, accuracy, accuracy_public, accuracy_private, ari, nmi "
                 "FROM results ORDER BY job",
                 "--format", "csv"})
        .out;
  }
  // Every published array, by its path below artifacts/, but for the optimizer's state, which the longest checkpoint alone has.
  std::map<std::string, std::string> arrays() {
    std::map<std::string, std::string> found;
    fs::path root = folder_ / results_ / "artifacts";
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().parent_path().filename() == "optimizer") continue;
      if (entry.path().extension() == ".npy") found[fs::relative(entry.path(), root)] = read_file(entry.path());
    }
    return found;
  }
  std::vector<std::string> run_words() { return {"run", (folder_ / "sweep.yaml").string(), "--json", "-j2"}; }
};

}  // namespace

TEST_F(RealSweep, RunsThenHasNothingToDo) {
  EXPECT_EQ(plan()["tasks"], tasks);
  EXPECT_EQ(run(), summary(jobs, 0, 0, tasks, 0, 0));
  EXPECT_EQ(run(), summary(jobs, 0, 0, 0, tasks, 0));
  Json rows = query("SELECT count(*) AS n, min(recon_mse) > 0 AS error, min(accuracy) >= 1.0 / 3 AS better FROM results");
  EXPECT_EQ(rows[0]["n"], jobs);
  EXPECT_EQ(rows[0]["error"], 1);
  EXPECT_EQ(rows[0]["better"], 1);
}

TEST_F(RealSweep, OneAndTwoWorkersGiveTheSameBytes) {
  run(0, {"-j", "1"});
  std::map<std::string, std::string> one = arrays();
  std::string scores_of_one = scores();
  results_ = "results2";
  run(0, {"-j", "2"});
  EXPECT_EQ(scores(), scores_of_one);
  EXPECT_EQ(arrays(), one);
}

TEST_F(RealSweep, MoreEpochsContinueTheTrainingAndGiveTheBytesOfALongRun) {
  EXPECT_EQ(run(0, {"--set", "grid.epochs=1"})["tasks"]["executed"], 1 + 2 + 2 + 4 + 8 + 1 + 8);
  EXPECT_EQ(run()["tasks"], (Json{{"executed", 2 + 2 + 4 + 8 + 8}, {"reused", 1 + 2 + 4 + 8 + 1 + 8}, {"failed", 0}}));
  std::map<std::string, std::string> continued = arrays();
  results_ = "results2";
  run();
  EXPECT_EQ(arrays(), continued);
}

// Of 32 channels and 1024 pixels a batch, which Winograd's kernels take, and with a batch norm that is fused.
TEST_F(RealSweep, WideConvolutionsGiveTheSameBytesForAnyWorkersAndContinued) {
  std::string sweep = small_sweep;
  const std::string narrow = "relu, {batch_norm2d: [4]}]", from = "{conv_transpose2d: [4,";
  sweep.replace(sweep.find(narrow), narrow.size(),
                "{upsample: {scale_factor: 2}}, {conv2d: [4, 32, 1]}, relu, {conv2d: [32, 32, 3, 1, 1]}, relu, "
                "{batch_norm2d: [32]}, {max_pool2d: 2}]");
  sweep.replace(sweep.find(from), from.size(), "{conv_transpose2d: [32,");
  write("sweep.yaml", sweep);
  run(0, {"-j", "1"});
  const std::map<std::string, std::string> one = arrays();
  results_ = "results2";
  run(0, {"-j", "2", "--set", "grid.epochs=1"});
  run(0, {"-j", "2"});
  EXPECT_EQ(arrays(), one);
}

TEST_F(RealSweep, MoreIterationsContinueTheEmbedding) {
  run(0, {"--set", "grid.reduction=[{tsne: {dim: 2, perplexity: 10, iterations: 60}}]"});
  run(0, {"--set", "grid.reduction=[{tsne: {dim: 2, perplexity: 10, iterations: [60, 120]}}]"});
  std::map<std::string, std::string> continued = arrays();
  results_ = "results2";
  run(0, {"--set", "grid.reduction=[{tsne: {dim: 2, perplexity: 10, iterations: [60, 120]}}]"});
  EXPECT_EQ(arrays(), continued);
}

TEST_F(RealSweep, ADamagedArtifactFailsOnceAndIsMadeAnew) {
  const std::vector<std::string> one{"--set", "grid.seeds=[0]", "--set", "grid.epochs=1",
                                     "--set", "grid.reduction=[{pca: {dim: [2]}}]"};
  const std::vector<std::string> two{"--set", "grid.seeds=[0]", "--set", "grid.epochs=1",
                                     "--set", "grid.reduction=[{pca: {dim: [2, 4]}}]"};
  EXPECT_EQ(run(0, one), summary(1, 0, 0, 7, 0, 0));
  std::map<std::string, std::string> whole = arrays();
  std::string latents;
  for (const auto& [name, bytes] : whole) {
    if (name.ends_with("latents.npy")) latents = (folder_ / results_ / "artifacts" / name).string();
  }
  fs::resize_file(latents, 1000);
  run(1, two);
  EXPECT_NE(last_err_.find(latents + ": 1000 bytes instead of 3728; the damaged artifact was removed, run again to make it anew"),
            std::string::npos)
      << last_err_;
  EXPECT_EQ(run(0, two), summary(2, 0, 0, 4, 5, 0));
  for (const auto& [name, bytes] : whole) EXPECT_EQ(arrays()[name], bytes) << name;
}

// A finished job stays finished while a longer run of its family is under way or has failed.
TEST_F(RealSweep, JobsOfShorterExtentsStayComplete) {
  run(0, {"--set", "grid.epochs=1"});
  const std::string scored = call({"query", "SELECT job, accuracy FROM results ORDER BY job", "--format", "csv"}).out;
  CommandResult result = call({"run", (folder_ / "sweep.yaml").string(), "--json", "-j2", "--set", "grid.epochs=[1, 3]", "--task-timeout",
                               "0.001"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(Json::parse(result.out)["jobs"]["complete"], jobs / 2);
  EXPECT_EQ(call({"query", "SELECT job, accuracy FROM results WHERE epochs = 1 AND state = 'complete' ORDER BY job", "--format", "csv"}).out,
            scored);
}

// Another sweep's axes are no business of this one's table.
TEST_F(RealSweep, ATableDependsOnItsOwnSweepAlone) {
  const std::vector<std::string> one{"--set", "grid.seeds=[0]", "--set", "grid.epochs=1", "--set",
                                     "grid.reduction=[{tsne: {dim: 2, perplexity: 10, iterations: [60, 120]}}]"};
  std::vector<std::string> two = one;
  two.insert(two.end(), {"--set", "grid.learning_rate=[0.001, 0.01]", "--set", "name=other"});
  run(0, one);
  const std::string small = call({"report", "small"}).out;
  run(0, two);
  EXPECT_EQ(call({"report", "small"}).out, small);
  const std::string other = call({"report", "other"}).out;
  EXPECT_EQ(call({"ls", "other", "--where", "learning_rate=1e-3", "--json"}).out.find("[]"), std::string::npos);
  results_ = "results2";
  run(0, two);
  EXPECT_EQ(call({"report", "other"}).out, other);
}

TEST_F(RealSweep, AnotherSplitTrainsNothing) {
  run();
  EXPECT_EQ(run(0, {"--set", "dataset.split={public_fraction: 0.3, seed: 9}"}), summary(jobs, 0, 0, 17, tasks - 17, 0));
}

TEST_F(RealSweep, ANewSeedRunsOnlyItsOwnTasks) {
  EXPECT_EQ(run(0, {"--set", "grid.seeds=[0]"}), summary(8, 0, 0, 1 + 1 + 2 + 4 + 8 + 1 + 8, 0, 0));
  EXPECT_EQ(run(), summary(jobs, 0, 0, 1 + 2 + 4 + 8 + 8, 25, 0));
}

TEST_F(RealSweep, ChangedLabelsTrainNothing) {
  std::vector<std::uint8_t> pixels(120 * 8 * 8), labels(120);
  latentgrid::RandomStream random(std::uint64_t{1});
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random.below(256));
  for (std::uint8_t& label : labels) label = static_cast<std::uint8_t>(random.below(3));
  latentgrid::write_npy(folder_ / "x.npy", std::span<const std::uint8_t>(pixels), {120, 8, 8});
  latentgrid::write_npy(folder_ / "y.npy", std::span<const std::uint8_t>(labels), {120});
  std::vector<std::string> dataset{"--set", "dataset={images: x.npy, labels: y.npy}"};
  EXPECT_EQ(run(0, dataset), summary(jobs, 0, 0, tasks, 0, 0));
  labels[5] = static_cast<std::uint8_t>((labels[5] + 1) % 3);
  latentgrid::write_npy(folder_ / "y.npy", std::span<const std::uint8_t>(labels), {120});
  EXPECT_EQ(run(0, dataset), summary(jobs, 0, 0, 17, tasks - 17, 0));
}

TEST_F(RealSweep, AWorkerKilledInTheMiddleIsReplaced) {
  Command running(command(run_words()), environment());
  std::string children;
  std::string list = "/proc/" + std::to_string(running.pid()) + "/task/" + std::to_string(running.pid()) + "/children";
  for (int i = 0; i < 600 && running.err_so_far().find("[1/") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  children = read_file(list);
  ASSERT_FALSE(children.empty());
  ::kill(std::stoi(children), SIGKILL);
  CommandResult result = running.wait();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  Json counts = Json::parse(result.out);
  EXPECT_EQ(counts["jobs"], (Json{{"complete", jobs}, {"failed", 0}, {"skipped", 0}}));
  EXPECT_EQ(counts["tasks"], (Json{{"executed", tasks}, {"reused", 0}, {"failed", 0}}));
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures WHERE kind = 'signal'")[0]["n"], 1);
}

TEST_F(RealSweep, KilledThreeTimesItStillGivesTheSameBytes) {
  for (int milliseconds : {900, 1500, 2500}) {
    Command running(command(run_words()), environment());
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    running.signal(SIGKILL);
    running.wait();
  }
  Json last = run();
  EXPECT_EQ(last["jobs"], (Json{{"complete", jobs}, {"failed", 0}, {"skipped", 0}}));
  std::map<std::string, std::string> killed = arrays();
  std::string scores_of_killed = scores();
  results_ = "results2";
  run();
  EXPECT_EQ(scores(), scores_of_killed);
  EXPECT_EQ(arrays(), killed);
}

TEST_F(RealSweep, InterruptedItLeavesWithin130AndGoesOn) {
  Command running(command({"run", (folder_ / "sweep.yaml").string(), "--json", "-j2", "--set", "grid.epochs=[1, 400]"}), environment());
  for (int i = 0; i < 400 && running.err_so_far().find("[1/") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  running.signal(SIGINT);
  CommandResult result = running.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_EQ(Json::parse(result.out)["jobs"]["failed"], 0) << result.out;
  Json counts = run();
  EXPECT_EQ(counts["jobs"]["complete"], jobs);
  EXPECT_EQ(counts["tasks"]["executed"].get<int>() + counts["tasks"]["reused"].get<int>(), tasks);
}

TEST_F(RealSweep, AWorkerWithoutLibTorchsPartSaysSo) {
  fs::copy_file(LATENTGRID_BINARY_DIR "/bin/latentgrid-worker", folder_ / "latentgrid-worker");
  const CommandResult result = run_command(command({"run", (folder_ / "sweep.yaml").string()}),
                                           {{"LATENTGRID_WORKER", (folder_ / "latentgrid-worker").string()}});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("a part of the program cannot be loaded"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("latentgrid-torch.so"), std::string::npos) << result.err;
}

// Three different images, eight clusters.
TEST_F(RealSweep, EqualImagesHaveFewerClustersThanKWhichIsSaid) {
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 60; ++i) pixels.insert(pixels.end(), 64, static_cast<std::uint8_t>(100 * (i % 3)));
  latentgrid::write_npy(folder_ / "x.npy", std::span<const std::uint8_t>(pixels), {60, 8, 8, 1});
  write("sweep.yaml", R"(name: small
dataset: {images: x.npy}
grid: {architecture: raw, reduction: none, clustering: {kmeans: {k: 8}}, seeds: [0]}
report: {figures: []}
)");
  EXPECT_EQ(run(), summary(1, 0, 0, 5, 0, 0));
  const std::string warning = "warning: 1 clustering found fewer clusters than k, which happens when many images have equal "
                              "points; the column clusters_found says how many there are\n";
  EXPECT_NE(last_err_.find(warning), std::string::npos) << last_err_;
  EXPECT_EQ(run(), summary(1, 0, 0, 0, 5, 0));
  EXPECT_NE(last_err_.find(warning), std::string::npos) << "of reused results too: " << last_err_;
  const CommandResult csv = call({"report", "small", "--format", "csv"});
  EXPECT_NE(csv.out.find("jobs with fewer clusters than k,fewest clusters found\n"), std::string::npos) << csv.out;
  EXPECT_NE(csv.out.find(",1,3\n"), std::string::npos) << csv.out;
  const Json rows = query("SELECT job, k, clusters_found FROM results");
  EXPECT_EQ(rows[0]["clusters_found"], 3);
  const std::string shown = call({"show", rows[0]["job"]}).out;
  EXPECT_NE(shown.find("5 of the 8 clusters are empty, which happens when many images have equal points.\n"),
            std::string::npos)
      << shown;
}

// A rate of 0 makes no epoch better than those in which the batch norm's statistics settle.
TEST_F(RealSweep, AnEarlyStopIsToldInTheRecordTheColumnsAndTheCurves) {
  const std::vector<std::string> early = {"--set", "train.early_stop=validation_loss", "--set", "train.patience=2", "--set", "train.learning_rate=1e-12",
                                          "--set", "grid.epochs=300", "--set", "grid.seeds=[0]", "--set", "report.figures=[training_curves]"};
  EXPECT_EQ(run(0, early)["jobs"]["complete"], 4);
  const Json row = query("SELECT DISTINCT epochs, epochs_run, best_epoch FROM results").at(0);
  EXPECT_EQ(row["epochs"], 300);
  EXPECT_LT(row["epochs_run"], 300);
  EXPECT_EQ(row["epochs_run"], row["best_epoch"].get<int>() + 2);
  const Json record = query("SELECT record ->> '$.record.stopped_by' AS why FROM artifacts a JOIN tasks t ON t.id = a.task WHERE t.stage = 'train'").at(0);
  EXPECT_EQ(record["why"], "early_stop");
  EXPECT_EQ(query("SELECT count(*) AS n FROM train_losses")[0]["n"], row["epochs_run"]);
  const CommandResult report = call({"report", "small"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_TRUE(fs::exists(folder_ / results_ / "reports/small/figures/training_curves.svg"));
  const std::map<std::string, std::string> one = arrays();
  results_ = "results2";
  run(0, early);
  EXPECT_EQ(arrays(), one);
}

TEST_F(RealSweep, ADivergingTrainingIsAFailureOfItsJobsAlone) {
  CommandResult result = call({"run", (folder_ / "sweep.yaml").string(), "--json", "-j2", "--set", "train.learning_rate=1e30", "--set",
                               "train.optimizer=sgd", "--set", "grid.architecture=[tiny, raw]"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("loss is NaN at epoch"), std::string::npos) << result.err;
  Json counts = Json::parse(result.out)["jobs"];
  EXPECT_EQ(counts["skipped"], jobs) << result.err;
  EXPECT_EQ(counts["complete"], 8) << result.err;  // raw: 2 slices and 2 snapshots of 2 seeds
}

TEST_F(RealSweep, GaussianMixturesRecordWhatTheyAreComparedBy) {
  write("sweep.yaml", R"(name: mixtures
dataset: {synthetic: {images: 90, classes: 3, channels: 1, height: 8, width: 8, seed: 3, noise: 0.3}}
grid:
  architecture: raw
  reduction: {pca: {dim: 4}}
  clustering: {gmm: {covariance: [full, diag]}}
report: {figures: []}
)");
  EXPECT_EQ(run(), summary(2, 0, 0, 1 + 1 + 1 + 2 + 1 + 2, 0, 0));
  const Json rows = query(
      "SELECT p.value AS covariance, r.k, max(m.value) FILTER (WHERE m.name = 'log_likelihood') AS log_likelihood, "
      "max(m.value) FILTER (WHERE m.name = 'bic') AS bic, max(m.value) FILTER (WHERE m.name = 'aic') AS aic, "
      "max(m.value) FILTER (WHERE m.name = 'converged') AS converged, max(m.value) FILTER (WHERE m.name = 'iterations') AS iterations "
      "FROM results r JOIN job_params p ON p.job = r.job AND p.axis = 'gmm.covariance' "
      "JOIN job_tasks t ON t.job = r.job AND t.stage = 'cluster' JOIN artifact_metrics m ON m.task = t.task GROUP BY r.job ORDER BY p.value");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0]["covariance"], "diag");
  for (const Json& row : rows) {
    EXPECT_EQ(row["k"], 3);
    EXPECT_EQ(row["converged"], 1);
    EXPECT_GE(row["iterations"], 2);
    const int parameters = (row["covariance"] == "full" ? 3 * 10 : 3 * 4) + 3 * 4 + 2;
    const double fit = -2 * 90 * row["log_likelihood"].get<double>();
    EXPECT_NEAR(row["bic"].get<double>(), fit + parameters * std::log(90), 1e-6) << row;
    EXPECT_NEAR(row["aic"].get<double>(), fit + parameters * 2, 1e-6) << row;
  }
}
