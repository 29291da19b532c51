// du, gc and rm on what real runs of a worker that computes nothing have left.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <signal.h>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::testing::Command;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

namespace fs = std::filesystem;

// 12 jobs; artifacts: load 1, train 4, encode 4, reduce 8, cluster 12, score 12.
const std::string twelve_jobs = R"(name: fake
dataset:
  synthetic: {images: 60, classes: 2, seed: 1}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid:
  architecture: tiny
  epochs: [1, 2]
  reduction: [{pca: {dim: [2, 4]}}, none]
  seeds: [0, 1]
report: {figures: []}
)";
constexpr int all_artifacts = 42, artifacts_of_one_epoch = 22;

class Space : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", twelve_jobs);
    EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
  }
  std::map<std::string, std::string> environment() override {
    return {{"LATENTGRID_WORKER", LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker"}};
  }

  Json json(std::vector<std::string> words) {
    words.push_back("--json");
    const CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
  std::size_t artifacts() {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "results" / "artifacts")) {
      count += entry.path().filename() == "task.json";
    }
    return count;
  }
  fs::path folder_of(const std::string& job, const std::string& stage) {
    const Json shown = json({"show", job});
    for (const Json& step : shown["path"]) {
      if (step["stage"] == stage) return step["folder"].get<std::string>();
    }
    throw std::runtime_error("no " + stage);
  }
  std::string job(int epochs, int seed) {
    return query("SELECT job FROM results WHERE sweep = 'fake' AND reduction = 'none' AND epochs = " +
                 std::to_string(epochs) + " AND seed = " + std::to_string(seed))[0]["job"];
  }
  // The jobs of one epoch as a sweep of another name, which shares everything.
  void run_other() {
    std::string text = twelve_jobs;
    text.replace(text.find("name: fake"), 10, "name: other");
    text.replace(text.find("[1, 2]"), 6, "[1]");
    write("other.yaml", text);
    ASSERT_EQ(call({"run", (folder_ / "other.yaml").string(), "-q"}).exit_code, 0);
  }
};

}  // namespace

TEST_F(Space, DuCountsBySweepAndStage) {
  run_other();
  const Json usage = json({"du"});
  EXPECT_EQ(usage["all"]["artifacts"], all_artifacts);
  ASSERT_EQ(usage["sweeps"].size(), 2u);
  EXPECT_EQ(usage["sweeps"][0]["sweep"], "fake");
  EXPECT_EQ(usage["sweeps"][0]["artifacts"], all_artifacts);
  EXPECT_EQ(usage["sweeps"][1]["artifacts"], artifacts_of_one_epoch);
  EXPECT_EQ(usage["sweeps"][1]["bytes"], usage["sweeps"][1]["shared_bytes"]);
  EXPECT_EQ(usage["sweeps"][0]["shared_bytes"], usage["sweeps"][1]["bytes"]);
  EXPECT_EQ(usage["unneeded"]["artifacts"], 0);
  std::int64_t bytes = 0;
  for (const Json& stage : usage["stages"]) bytes += stage["bytes"].get<std::int64_t>();
  EXPECT_EQ(usage["all"]["bytes"], bytes);
  const CommandResult text = call({"du"});
  EXPECT_NE(text.out.find("shared with others"), std::string::npos) << text.out;
}

TEST_F(Space, DuCountsEveryFileOfTheResultsFolder) {
  ASSERT_EQ(call({"report", "fake"}).exit_code, 0);
  fs::create_directories(folder_ / "results" / "exports");
  write("results/exports/labels.csv", "image,label\n");
  std::map<std::string, std::int64_t> bytes;
  std::int64_t all = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "results")) {
    if (!entry.is_regular_file()) continue;
    const auto size = static_cast<std::int64_t>(entry.file_size());
    all += size;
    bytes[fs::relative(entry.path(), folder_ / "results").begin()->string()] += size;
  }
  const Json usage = json({"du"});
  EXPECT_EQ(usage["everything"]["bytes"], all);
  EXPECT_EQ(usage["beside"]["reports"], bytes["reports"]);
  EXPECT_EQ(usage["beside"]["exports"], bytes["exports"]);
  EXPECT_EQ(usage["beside"]["database"], bytes["latentgrid.db"] + bytes["latentgrid.db-wal"] + bytes["latentgrid.db-shm"]);
  std::int64_t sum = usage["all"]["bytes"];
  for (const auto& [name, size] : usage["beside"].items()) sum += size.get<std::int64_t>();
  EXPECT_EQ(sum, all);
  const std::string text = call({"du"}).out;
  EXPECT_NE(text.find("delete the folder; `latentgrid report SWEEP` makes a report again"), std::string::npos) << text;
  EXPECT_NE(text.find("All files of the results folder together are "), std::string::npos) << text;
}

TEST_F(Space, GcOnlySaysWhatCouldGoUntilItIsToldToRemove) {
  EXPECT_EQ(call({"gc"}).out.substr(0, 28), "There is nothing to remove.\n");
  run(0, {"--set", "grid.epochs=[1]"});
  Json found = json({"gc"});
  EXPECT_EQ(found["artifacts"].size(), 0u);
  EXPECT_GT(found["further"]["--older-revisions"], 0);
  found = json({"gc", "--older-revisions"});
  EXPECT_EQ(found["kinds"]["older_revisions"]["number"], all_artifacts - artifacts_of_one_epoch);
  EXPECT_EQ(found["removed"], false);
  EXPECT_NE(call({"gc", "--older-revisions"}).out.find("\nNothing was removed. `latentgrid gc --delete` with the same "
                                                       "options removes "),
            std::string::npos);
  EXPECT_EQ(artifacts(), static_cast<std::size_t>(all_artifacts));
  found = json({"gc", "--older-revisions", "--delete"});
  EXPECT_EQ(found["removed"], true);
  EXPECT_EQ(artifacts(), static_cast<std::size_t>(artifacts_of_one_epoch));
  EXPECT_EQ(run(0, {"--set", "grid.epochs=[1]"}), summary(6, 0, 0, 0, 20, 0)) << "nothing that is needed was removed";
  EXPECT_EQ(run(), summary(12, 0, 0, 18, 18, 0)) << "the first revision's jobs are made anew";
  EXPECT_EQ(artifacts(), static_cast<std::size_t>(all_artifacts));
}

TEST_F(Space, RemovedCheckpointsAreTrainedAgainOnlyWhereSomethingNeedsThem) {
  const fs::path kept = folder_of(job(1, 0), "train"), removed = folder_of(job(1, 1), "train");
  EXPECT_EQ(json({"gc", "--checkpoints", "--delete"})["kinds"]["checkpoints"]["number"], 1);
  EXPECT_TRUE(fs::exists(kept)) << "of the best job, the first of equals";
  EXPECT_TRUE(fs::exists(folder_of(job(2, 1), "train"))) << "the last";
  EXPECT_FALSE(fs::exists(removed));
  EXPECT_EQ(plan()["to_execute"], 0);
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
  EXPECT_FALSE(fs::exists(removed));
  fs::remove_all(folder_of(job(1, 1), "encode"));
  EXPECT_EQ(run(), summary(12, 0, 0, 2, 34, 0)) << "encode, and train for it";
  EXPECT_TRUE(fs::exists(removed));
}

TEST_F(Space, ARunMayBeToldToTrainRemovedCheckpointsAgain) {
  const fs::path removed = folder_of(job(1, 1), "train");
  json({"gc", "--checkpoints", "--delete"});
  const CommandResult exported = call({"export", "encoder", job(1, 1), "--out", (folder_ / "e.pt").string()});
  EXPECT_NE(exported.err.find("hint: `latentgrid run " + (folder_ / "sweep.yaml").string() + " --checkpoints` trains it"),
            std::string::npos)
      << exported.err;
  EXPECT_EQ(run(0, {"--checkpoints"}), summary(12, 0, 0, 1, 35, 0));
  EXPECT_TRUE(fs::exists(removed));
}

TEST_F(Space, AJobThatIsNotRecordedAsCompleteIsMadeThoughItsCheckpointIsGone) {
  json({"gc", "--checkpoints", "--delete"});
  for (const char* file : {"latentgrid.db", "latentgrid.db-wal", "latentgrid.db-shm"}) fs::remove(folder_ / "results" / file);
  EXPECT_EQ(run(), summary(12, 0, 0, 1, 35, 0)) << "no database knows the losses of that training";
}

TEST_F(Space, RmForgetsASweepAndGcRemovesWhatItAloneNeeded) {
  run_other();
  Json gone = json({"rm", "fake"});
  EXPECT_EQ(gone["jobs"], 6);
  EXPECT_EQ(gone["shared_jobs"], 6);
  EXPECT_EQ(gone["artifacts"]["number"], all_artifacts - artifacts_of_one_epoch);
  EXPECT_EQ(gone["artifacts"]["removed"], false);
  EXPECT_EQ(query("SELECT DISTINCT sweep FROM results"), (Json{{{"sweep", "other"}}}));
  EXPECT_EQ(artifacts(), static_cast<std::size_t>(all_artifacts));
  EXPECT_EQ(json({"gc", "--delete"})["kinds"]["unneeded"]["number"], all_artifacts - artifacts_of_one_epoch);
  EXPECT_EQ(artifacts(), static_cast<std::size_t>(artifacts_of_one_epoch));
  EXPECT_EQ(call({"rm", "fake"}).exit_code, 2);
  gone = json({"rm", "other", "--artifacts"});
  EXPECT_EQ(gone["artifacts"], (Json{{"number", artifacts_of_one_epoch}, {"bytes", gone["artifacts"]["bytes"]}, {"removed", true}}));
  EXPECT_EQ(artifacts(), 0u);
  EXPECT_EQ(query("SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM tasks) + (SELECT count(*) FROM artifacts) AS n")[0]["n"], 0);
  EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
}

TEST_F(Space, AForgottenSweepsArtifactsAreAdoptedWhenItRunsAgain) {
  const std::string forgot = call({"rm", "fake"}).out;
  EXPECT_TRUE(forgot.starts_with("forgot sweep 'fake': 12 jobs\n")) << forgot;
  EXPECT_TRUE(forgot.ends_with(") are no longer needed: `latentgrid gc --delete` removes them\n")) << forgot;
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM results WHERE accuracy = 0.75")[0]["n"], 12);
}

TEST_F(Space, ScoresOfACompetitionAreForgottenOnlyOnRequest) {
  write("scores.csv", "job,public,private\n" + job(1, 0) + ",0.7,0.6\n");
  ASSERT_EQ(call({"scores", "import", (folder_ / "scores.csv").string()}).exit_code, 0);
  const CommandResult refused = call({"rm", "fake"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err,
            "latentgrid: sweep 'fake' has 1 competition score that no other sweep has, and it would be forgotten too\n  hint: "
            "save it with `latentgrid export results fake --out FILE`, then add --scores\n");
  EXPECT_EQ(query("SELECT count(*) AS n FROM results")[0]["n"], 12);
  EXPECT_EQ(json({"rm", "fake", "--scores"})["scores"], 1);
}

TEST_F(Space, NothingIsRemovedWhileARunWorks) {
  const int lock = ::open((folder_ / "results" / "lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  fs::create_directories(folder_ / "results" / "tmp" / "1.0");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"gc", "--delete"}, {"rm", "fake"}}) {
    const CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_NE(result.err.find("another run works in " + (folder_ / "results").string()), std::string::npos) << result.err;
  }
  EXPECT_EQ(json({"gc"})["kinds"]["temporary"]["number"], 1) << "to look needs no lock";
  EXPECT_TRUE(fs::exists(folder_ / "results" / "tmp" / "1.0"));
  ::close(lock);
  EXPECT_EQ(json({"gc", "--delete"})["kinds"]["temporary"]["number"], 1);
  EXPECT_FALSE(fs::exists(folder_ / "results" / "tmp"));
}

// The first run has ended; the second trains for longer and takes its time.
TEST_F(Space, ARunThatWorksIsNotDisturbedByGcAndRm) {
  write("rules.json", R"([{"stage": "train", "action": "sleep", "text": "60"}])");
  std::map<std::string, std::string> variables = environment();
  variables["FAKE_WORKER_RULES"] = (folder_ / "rules.json").string();
  const std::string sweep = (folder_ / "sweep.yaml").string();
  Command works(command({"run", sweep, "--set", "grid.epochs=[1,3]", "-j2"}), variables);
  const auto waits_for = [&](auto&& happened) {
    for (int i = 0; i < 1000 && !happened(); ++i) ::usleep(20'000);
    return happened();
  };
  const auto lock_is_held = [&] { return latentgrid::read_file(folder_ / "results" / "lock").starts_with("pid " + std::to_string(works.pid()) + " "); };
  ASSERT_TRUE(waits_for(lock_is_held)) << works.err_so_far();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"gc", "--delete", "--older-revisions"}, {"rm", "fake", "--artifacts"}, {"run", sweep}}) {
    const CommandResult result = call(words);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err.substr(0, result.err.find(": pid")), "latentgrid: another run works in " + (folder_ / "results").string());
    EXPECT_NE(result.err.find("\n  hint: wait for it to end, end it with `latentgrid cancel SWEEP` (`latentgrid status` names the sweep), or use another folder with --results DIR\n"), std::string::npos) << result.err;
  }
  EXPECT_GE(artifacts(), static_cast<std::size_t>(all_artifacts)) << "nothing was removed";
  const fs::path staged = folder_ / "results" / "tmp";
  ASSERT_TRUE(waits_for([&] { return fs::exists(staged) && !fs::is_empty(staged); })) << works.err_so_far();
  EXPECT_EQ(json({"gc"})["kinds"]["temporary"]["number"], 0) << "what a run stages is not to be removed";
  works.signal(SIGKILL);
  works.wait();
  ASSERT_TRUE(waits_for([&] { return json({"gc"})["kinds"]["temporary"]["number"] == 1; })) << "the workers end with it";
  EXPECT_EQ(run(0, {"--set", "grid.epochs=[1,3]"})["jobs"], (Json{{"complete", 12}, {"failed", 0}, {"skipped", 0}}));
  EXPECT_FALSE(fs::exists(staged));
  EXPECT_EQ(run(0, {"--set", "grid.epochs=[1,3]"})["tasks"]["executed"], 0);
}

// Whichever comes first, the other waits its turn or is refused, and nothing that a job needs is lost.
TEST_F(Space, GcAndRunsThatStartTogetherLoseNothing) {
  const std::string sweep = (folder_ / "sweep.yaml").string();
  const std::vector<std::string> longer = {"run", sweep, "--set", "grid.epochs=[1,3]", "-j2"};
  for (int round = 0; round < 3; ++round) {
    fs::remove_all(folder_of(job(1, round % 2), "encode"));
    Command collects(command({"gc", "--delete", "--older-revisions", "--checkpoints"}), environment());
    Command works(command(round == 1 ? std::vector<std::string>{"run", sweep, "-j2"} : longer), environment());
    Command forgets(command({"rm", "fake", "--artifacts"}), environment());
    for (Command* one : {&collects, &works, &forgets}) {
      const CommandResult result = one->wait();
      const bool refused = result.err.find("another run works in ") != std::string::npos;
      const bool forgotten = result.err.find("there is no sweep 'fake'") != std::string::npos;
      EXPECT_TRUE(result.exit_code == 0 || refused || forgotten) << result.exit_code << result.err;
    }
    EXPECT_EQ(run()["jobs"], (Json{{"complete", 12}, {"failed", 0}, {"skipped", 0}}));
    EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
    for (const char* stage : {"encode", "cluster", "score"}) {
      EXPECT_TRUE(fs::exists(folder_of(job(1, round % 2), stage) / "task.json")) << stage;
    }
  }
}

TEST_F(Space, WithoutResultsNothingIsMade) {
  results_ = "elsewhere";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"gc", "--delete"}, {"rm", "fake"}, {"du"}}) {
    EXPECT_EQ(call(words).exit_code, 2);
  }
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
}
