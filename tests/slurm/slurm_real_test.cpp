// Sweeps on a real Slurm cluster whose work is done: what they leave equals what this machine alone leaves, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/file_system.hpp"
#include "base/key.hpp"
#include "slurm/slurm_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::SlurmSweep;
namespace fs = std::filesystem;

constexpr const char* tiny = R"(
architectures:
  tiny:
    encoder: [{conv2d: [channels, 4, 4, 2, 1]}, relu, {conv2d: [4, 4, 4, 2, 1]}]
    decoder: [{conv_transpose2d: [4, 4, 4, 2, 1]}, relu, {conv_transpose2d: [4, channels, 4, 2, 1]}, tanh]
)";

class SlurmRealSweep : public SlurmSweep {
 protected:
  std::map<std::string, std::string> environment() override { return {}; }

  // Every file of the artifacts but the records, which have times, and what a longer training would go on from.
  std::map<std::string, std::string> artifacts(const std::string& results) const {
    std::map<std::string, std::string> digests;
    const fs::path root = folder_ / results / "artifacts";
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file() || entry.path().filename() == "task.json") continue;
      Sha256 hash;
      MappedFile content(entry.path());
      hash.update(content.bytes());
      digests[entry.path().lexically_relative(root)] = hash.hex();
    }
    return digests;
  }
  // The tables, and the figures' files.
  std::map<std::string, std::string> report(const std::string& results, const std::string& sweep) {
    results_ = results;
    const CommandResult whole = call({"report", sweep});
    EXPECT_EQ(whole.exit_code, 0) << whole.err;
    std::map<std::string, std::string> parts;
    for (const char* format : {"csv", "md", "tex"}) parts[format] = call({"report", sweep, "--format", format}).out;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / results / "reports" / sweep / "figures")) {
      if (entry.is_regular_file()) parts[entry.path().filename()] = read_file(entry.path());
    }
    return parts;
  }
  Json scores(const std::string& results) {
    results_ = results;
    return query("SELECT job, accuracy, accuracy_public, accuracy_private, ari, nmi, recon_mse FROM results ORDER BY job");
  }
  void expect_equal(const std::string& sweep) {
    EXPECT_EQ(scores("results"), scores("local"));
    const auto here = artifacts("local"), there = artifacts("results");
    EXPECT_GT(here.size(), 0U);
    EXPECT_EQ(there, here);
    const auto report_here = report("local", sweep), report_there = report("results", sweep);
    ASSERT_EQ(report_there.size(), report_here.size());
    for (const auto& [name, content] : report_here) EXPECT_TRUE(report_there.at(name) == content) << name;
  }
  std::unique_ptr<Command> start_locally(const std::vector<std::string>& more = {}) {
    results_ = "local";
    std::vector<std::string> words = {"run", (folder_ / "sweep.yaml").string(), "--json", "-j1"};
    words.insert(words.end(), more.begin(), more.end());
    auto started = std::make_unique<Command>(command(words), environment());
    results_ = "results";
    return started;
  }
  // How often a worker was interrupted and its task went on in another one.
  static int times(const std::string& text, const std::string& what) {
    int count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
  }
  static bool says_times(const Command& run, const std::string& text, int count) {
    return comes_true([&] { return times(run.err_so_far(), text) >= count; });
  }
  // Whether a worker has told how its training gets on; of other tasks no loss is told.
  bool is_getting_on() const {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "results/mailbox/workers")) {
      const std::string said = read_file(entry.path() / "from_worker");
      if (said.find(R"("loss":)") != std::string::npos) return true;
    }
    return false;
  }
  double seconds_for(int epochs) {
    write_training(epochs);
    const auto started = std::chrono::steady_clock::now();
    results_ = "trial" + std::to_string(epochs);
    EXPECT_EQ(run()["jobs"]["complete"], 1);
    results_ = "results";
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  // A training whose epochs take about so long on this machine, by two trials that differ in nothing else.
  void write_training_of(double seconds) {
    constexpr int few = 50, more = 350;
    const double start = seconds_for(few), an_epoch = std::max((seconds_for(more) - start) / (more - few), 1e-4);
    write_training(std::clamp(static_cast<int>(seconds / an_epoch), more, 20000));
  }
  void write_training(int epochs) {
    write("sweep.yaml", "name: long\ndataset: {synthetic: {images: 400, classes: 2, seed: 1}}" + std::string(tiny) +
                            "grid: {architecture: tiny, epochs: " + std::to_string(epochs) + ", seeds: 0}\nreport: {figures: [training_curves]}\n");
  }
};

TEST_F(SlurmRealSweep, FiveHundredJobsLeaveTheSameBytesAsHere) {
  write("sweep.yaml", "name: many\ndataset: {synthetic: {images: 60, classes: 2, seed: 1}}" + std::string(tiny) + R"(grid:
  architecture: tiny
  epochs: [1, 2]
  reduction: {pca: {dim: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}
  clustering: {kmeans: {k: [2, 3, 4, 5, 6]}}
  seeds: [0, 1, 2, 3, 4]
report: {figures: [importance, slices, training_curves]}
)");
  auto local = start_locally();
  EXPECT_EQ(summary_of(*local)["jobs"]["complete"], 500) << last_err_;
  auto sweep = start({"--slurm", "workers=3"});
  EXPECT_EQ(summary_of(*sweep)["jobs"]["complete"], 500) << last_err_;
  expect_equal("many");
}

// Slurm lets a job run for whole minutes only, and says that its end is near up to half a minute earlier than it was asked to.
TEST_F(SlurmRealSweep, ATrainingThatIsLongerThanTheTimeLimitGoesOnInOtherWorkers) {
  write_training_of(60);
  auto local = start_locally();
  auto sweep = start({"--slurm", "time=1", "--slurm", "workers=1"});
  EXPECT_EQ(summary_of(*local)["jobs"]["complete"], 1) << last_err_;
  EXPECT_EQ(summary_of(*sweep)["jobs"]["complete"], 1) << last_err_;
  EXPECT_GE(times(last_err_, "trying again: train"), 1) << last_err_;
  EXPECT_EQ(failures(), 0);
  expect_equal("long");
}

TEST_F(SlurmRealSweep, ATrainingThatUrgentJobsPushAsideGoesOnAfterThem) {
  start_cluster({"KillWait=30"});
  write_training_of(30);
  auto local = start_locally();
  auto sweep = start({"--slurm", "workers=1"});
  for (int i = 1; i <= 2; ++i) {
    ASSERT_TRUE(comes_true([&] { return times(sweep->err_so_far(), "has joined") == i; })) << sweep->err_so_far();
    ASSERT_TRUE(comes_true([&] { return fs::exists(folder_ / "results/mailbox/workers") && is_getting_on(); }));
    slurm({"/usr/bin/sbatch", "--partition=urgent", "--exclusive", "--nodes=3", "--wrap=sleep 1", "--output=/dev/null"});
    ASSERT_TRUE(says_times(*sweep, "trying again: train", i)) << sweep->err_so_far();
  }
  EXPECT_EQ(summary_of(*sweep)["jobs"]["complete"], 1) << last_err_;
  EXPECT_EQ(failures(), 0);
  EXPECT_EQ(summary_of(*local)["jobs"]["complete"], 1) << last_err_;
  expect_equal("long");
}

}  // namespace
}  // namespace latentgrid
