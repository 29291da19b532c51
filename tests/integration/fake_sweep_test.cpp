// The coordinator's promises with a worker that computes nothing: what is executed, shared, retried, skipped, recorded.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "base/file_system.hpp"
#include "integration/fake_sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::testing::Command;
using latentgrid::testing::CommandResult;
using latentgrid::testing::FakeSweep;
using latentgrid::testing::run_command;
using latentgrid::testing::twelve_jobs;

TEST_F(FakeSweep, PlanCountsFamiliesAndCreatesNothing) {
  Json counted = plan();
  EXPECT_EQ(counted["jobs"], 12);
  EXPECT_EQ(counted["tasks"], 1 + 2 + 4 + 4 + 12 + 1 + 12);
  EXPECT_EQ(counted["tasks_without_sharing"], 8 * 7 + 4 * 6);  // without a reduction a path has one stage less
  EXPECT_EQ(counted["reused"], 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "results"));
}

TEST_F(FakeSweep, AWarningIsPrintedByEveryCommandAndStandsInItsJson) {
  std::string one_class = twelve_jobs;
  one_class.replace(one_class.find("classes: 2"), 10, "classes: 1");
  write("sweep.yaml", one_class);
  const std::string file = (folder_ / "sweep.yaml").string();
  const std::string message =
      "all 60 labelled images are of class 0: k is 1 unless the sweep says otherwise, and accuracy means nothing";
  const std::string printed = file + ":2:1: warning: " + message + "\n  dataset:\n  ^\n";
  const Json warnings = {{{"file", file}, {"line", 2}, {"column", 1}, {"message", message}, {"hint", ""}}};
  for (const std::vector<std::string>& words : {std::vector<std::string>{"validate"}, {"plan"}, {"run", "--dry-run"}}) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {file, "--json"});
    const CommandResult result = call(all);
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.err, printed) << words[0];
    EXPECT_EQ(Json::parse(result.out)["warnings"], warnings) << words[0];
  }
  run();
  EXPECT_TRUE(last_err_.starts_with(printed)) << last_err_;
  SetUp();
  EXPECT_EQ(plan()["warnings"], Json::array());
}

TEST_F(FakeSweep, RunsEverythingOnceThenNothing) {
  EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
  EXPECT_EQ(plan()["reused"], 36);
}

TEST_F(FakeSweep, ARunWithNothingToDoLeavesTheDatabaseAsItIs) {
  write("sweep.yaml", twelve_jobs);  // with the usual pictures: a reconstruct, a t-SNE, and the trustworthiness of two maps
  run();
  const std::string before = latentgrid::read_file(folder_ / "results" / "latentgrid.db");
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36 + 4, 0));
  EXPECT_TRUE(latentgrid::read_file(folder_ / "results" / "latentgrid.db") == before);
}

TEST_F(FakeSweep, AnArtifactThatIsGoneIsMadeAnewThoughItIsRecorded) {
  run();
  std::filesystem::remove_all(folder_ / "results" / "artifacts" / "score");
  EXPECT_EQ(run(), summary(12, 0, 0, 12, 24, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM results WHERE state = 'complete'")[0]["n"], 12);
}

TEST_F(FakeSweep, HoweverQuickTheTasksTheLastOneIsSaid) {
  run();
  EXPECT_NE(last_err_.find("[36/36] "), std::string::npos) << last_err_;
}

TEST_F(FakeSweep, ANewAxisValueRunsOnlyItsOwnTasks) {
  run();
  // epochs 3: each seed's training goes on; per seed 1 encode, 1 reduce (both dims), 3 cluster, 3 score.
  EXPECT_EQ(run(0, {"--set", "grid.epochs=[1, 2, 3]"}), summary(18, 0, 0, 2 + 2 + 2 + 6 + 6, 34, 0));
}

TEST_F(FakeSweep, OneNameForTwoFilesIsSaid) {
  run();
  EXPECT_EQ(last_revision_, (Json{{"number", 1}, {"new", true}, {"former", nullptr}}));
  EXPECT_EQ(last_err_.find("revision"), std::string::npos) << last_err_;
  run();
  EXPECT_EQ(last_revision_, (Json{{"number", 1}, {"new", false}, {"former", nullptr}}));
  std::string text = latentgrid::read_file(folder_ / "sweep.yaml");
  text.replace(text.find("images: 60"), 10, "images: 90");
  write("copy.yaml", text);
  const std::string copy = (folder_ / "copy.yaml").string();
  const std::string at = query("SELECT substr(replace(created_at, 'T', ' '), 1, 16) || ' UTC' AS at FROM sweep_revisions")
                             .at(0)
                             .at("at");
  const std::string was = "Revision 1, of " + at + ", was made from another file, " +
                          (folder_ / "sweep.yaml").string() +
                          ".\nNone of its 12 jobs is in revision 2, so `ls`, `status` and `report` no longer show them. "
                          "They stay in the database; `latentgrid ls fake --revision 1` lists them.\n"
                          "To keep the two sweeps apart, give one of them another name.\n";
  const std::string planned = call({"plan", copy}).out;
  EXPECT_TRUE(planned.ends_with("\n\nThis will be revision 2 of the sweep 'fake'. " + was)) << planned;
  const Json json = Json::parse(call({"plan", copy, "--json"}).out);
  EXPECT_EQ(json["revision"]["number"], 2);
  EXPECT_EQ(json["revision"]["former"]["gone"], 12);
  const CommandResult ran = call({"run", copy, "-q", "-j2"});
  EXPECT_EQ(ran.err, "This is revision 2 of the sweep 'fake'. " + was);
  EXPECT_EQ(call({"run", copy, "-q", "-j2"}).err, "");
}

TEST_F(FakeSweep, RecordsScoresLossesAndWhereTheyCameFrom) {
  run();
  Json rows = query("SELECT DISTINCT recon_mse, accuracy, accuracy_public, accuracy_private, ari, nmi, state FROM results");
  ASSERT_EQ(rows.size(), 1u) << rows.dump();
  EXPECT_EQ(rows[0]["recon_mse"], 0.25);
  EXPECT_EQ(rows[0]["accuracy"], 0.75);
  EXPECT_EQ(rows[0]["state"], "complete");
  EXPECT_EQ(query("SELECT count(*) AS n FROM results")[0]["n"], 12);
}

TEST_F(FakeSweep, PublicAndPrivateScoresAreShownWhereTheFileHasASplit) {
  run();
  EXPECT_EQ(call({"report", "fake", "--format", "md"}).out.find("public"), std::string::npos);
  EXPECT_EQ(call({"ls", "fake"}).out.find("public"), std::string::npos);
  EXPECT_EQ(run(0, {"--set", "dataset.split={public_fraction: 0.5, seed: 0}"}), summary(12, 0, 0, 0, 36, 0))
      << "the default written out is the same work";
  EXPECT_NE(call({"report", "fake", "--format", "md"}).out.find("| public score | private score |"), std::string::npos);
  EXPECT_NE(call({"ls", "fake"}).out.find("accuracy_public"), std::string::npos);
}

TEST_F(FakeSweep, ADeterministicFailureIsNotRetriedAndSkipsWhatDependsOnIt) {
  rules({{{"stage", "encode"}, {"action", "fail"}, {"text", "diverged: the latents are NaN"}}});
  // All 4 encodes fail once each; every job is downstream of one.
  EXPECT_EQ(run(1), summary(0, 0, 12, 4, 0, 4));
  EXPECT_NE(last_err_.find("the latents are NaN"), std::string::npos) << last_err_;
  std::filesystem::remove(folder_ / "rules.json");
  EXPECT_EQ(run(), summary(12, 0, 0, 32, 4, 0));
}

TEST_F(FakeSweep, AFailureLeavesTheJobsOfShorterRunsAlone) {
  rules({{{"stage", "train"}, {"action", "partial"}, {"text", "diverged: loss is NaN at epoch 2"}}});
  // Both trainings leave epoch 1: load, 2 encodes, 2 reductions, 6 clusterings and scores; the 6 jobs of epoch 2 are skipped.
  EXPECT_EQ(run(1), summary(6, 0, 6, 1 + 2 + 2 + 6 + 1 + 6, 0, 2));
  EXPECT_EQ(query("SELECT count(*) AS n FROM results WHERE epochs = 1 AND accuracy = 0.75")[0]["n"], 6);
}

TEST_F(FakeSweep, AFailedScoreFailsItsJobAlone) {
  rules({{{"stage", "score"}, {"action", "fail"}, {"text", "input: no labels"}}});
  EXPECT_EQ(run(1), summary(0, 12, 0, 24, 0, 12));
}

TEST_F(FakeSweep, AKilledWorkerIsReplacedAndItsTaskRetriedOnce) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "crash"}}});
  EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures WHERE kind = 'signal'")[0]["n"], 2);
}

// As the kernel does to what takes the last of the memory.
TEST_F(FakeSweep, AWorkerThatIsKilledTwiceSaysThatMemoryMayBeOut) {
  rules({{{"stage", "load"}, {"action", "crash"}}});
  EXPECT_EQ(run(1), summary(0, 0, 12, 1, 0, 1));
  EXPECT_NE(
      last_err_.find("the worker ended: killed by signal 9 (Killed), as the system does when memory runs out: fewer "
                     "workers at once (-j) need less, and --worker-memory MIB ends one that takes too much; see "),
      std::string::npos)
      << last_err_;
}

TEST_F(FakeSweep, AWorkerThatKeepsDyingFailsTheTask) {
  rules({{{"stage", "load"}, {"action", "exit"}}});
  EXPECT_EQ(run(1), summary(0, 0, 12, 1, 0, 1));
  EXPECT_NE(last_err_.find("exit code 7"), std::string::npos) << last_err_;
}

TEST_F(FakeSweep, ABadLineAndAMissingArtifactAreInfrastructureFailures) {
  rules({{{"stage", "train"}, {"attempt", 1}, {"action", "garbage"}}, {{"stage", "encode"}, {"attempt", 1}, {"action", "lie"}}});
  EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures WHERE kind = 'protocol'")[0]["n"], 2);
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures WHERE kind = 'artifact'")[0]["n"], 4);
}

TEST_F(FakeSweep, ATaskThatHangsIsEndedByTheTimeout) {
  rules({{{"stage", "load"}, {"attempt", 1}, {"action", "hang"}}});
  EXPECT_EQ(run(0, {"--task-timeout", "0.5"}), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM failures WHERE kind = 'timeout'")[0]["n"], 1);
}

TEST_F(FakeSweep, ATaskAloneIsLentTheIdleSlots) {
  rules({{{"stage", "load"}, {"action", "sleep"}, {"text", "0.5"}}});
  EXPECT_EQ(run(0, {"-j3"}), summary(12, 0, 0, 36, 0, 0));
  const std::string log = latentgrid::read_file(folder_ / "results" / "logs" / "worker-0.log");
  EXPECT_NE(log.find("threads: 3"), std::string::npos) << log;
}

TEST_F(FakeSweep, AWorkerOfOtherStageVersionsIsRefused) {
  rules({{{"stage", "hello"}, {"action", "stale"}}});
  CommandResult result = call({"run", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("was built from other sources"), std::string::npos) << result.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "results" / "artifacts"));
}

TEST_F(FakeSweep, WithoutAWorkerNothingIsCreatedAndWhatIsCompleteNeedsNone) {
  const std::string missing = (folder_ / "no-worker").string();
  auto run_without = [&] {
    return run_command(command({"run", (folder_ / "sweep.yaml").string()}), {{"LATENTGRID_WORKER", missing}});
  };
  CommandResult refused = run_without();
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err,
            "latentgrid: the worker program " + missing +
                " does not exist\n  hint: build latentgrid-worker, or set LATENTGRID_WORKER to its path\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "results"));
  run();
  EXPECT_EQ(run_without().exit_code, 0);
}

TEST_F(FakeSweep, AnInterruptedRunExitsWith130AndTheNextOneGoesOn) {
  rules({{{"stage", "cluster"}, {"action", "sleep"}, {"text", "30"}}});
  Command running(command({"run", (folder_ / "sweep.yaml").string(), "--json", "-j2"}), environment());
  auto encoded = [&] { return std::filesystem::exists(folder_ / "results" / "artifacts" / "encode"); };
  for (int i = 0; i < 600 && !encoded(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  running.signal(SIGINT);
  CommandResult result = running.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  std::filesystem::remove(folder_ / "rules.json");
  Json next = run();
  EXPECT_EQ(next["jobs"], (Json{{"complete", 12}, {"failed", 0}, {"skipped", 0}}));
  EXPECT_EQ(next["tasks"]["executed"].get<int>() + next["tasks"]["reused"].get<int>(), 36);
  EXPECT_GE(next["tasks"]["executed"].get<int>(), 24);  // at least all of cluster and score
}

// Epoch 1 is encoded and scored while the training goes on to epoch 2.
TEST_F(FakeSweep, WhatReadsAnEarlyCheckpointDoesNotWaitForTheLast) {
  rules({{{"stage", "train"}, {"action", "first_then_sleep"}, {"text", "3"}}});
  EXPECT_EQ(run(0, {"--set", "grid.seeds=[0]", "--set", "grid.reduction=none", "-j3"}), summary(2, 0, 0, 1 + 1 + 2 + 2 + 1 + 2, 0, 0));
  auto last_written = [&](const std::string& stage) {
    std::vector<std::filesystem::file_time_type> times;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "results" / "artifacts" / stage)) {
      if (entry.path().filename() == "task.json") times.push_back(std::filesystem::last_write_time(entry));
    }
    std::sort(times.begin(), times.end());
    return times;
  };
  const auto scores = last_written("score"), trained = last_written("train");
  ASSERT_EQ(scores.size(), 2u);
  ASSERT_EQ(trained.size(), 2u);
  EXPECT_LT(scores.front(), trained.back());
  EXPECT_GT(scores.back(), trained.back());
}

TEST_F(FakeSweep, ArtifactsWithoutRowsAreAdopted) {
  run();
  for (const char* name : {"latentgrid.db", "latentgrid.db-wal", "latentgrid.db-shm"}) std::filesystem::remove(folder_ / "results" / name);
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
  EXPECT_EQ(query("SELECT count(*) AS n FROM results WHERE accuracy = 0.75")[0]["n"], 12);
}

TEST_F(FakeSweep, RecordsThatCannotBeReadAreRemovedAndMadeAnewByTheNextRun) {
  run();
  for (const char* name : {"latentgrid.db", "latentgrid.db-wal", "latentgrid.db-shm"}) std::filesystem::remove(folder_ / "results" / name);
  int damaged = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "results" / "artifacts" / "cluster")) {
    if (entry.path().filename() != "task.json" || damaged == 2) continue;
    latentgrid::write_file_atomically(entry.path(), damaged++ == 0 ? "{" : "null");
  }
  const CommandResult refused = call({"run", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("the records of 2 artifacts could not be read and were removed: run again to make them anew\n"),
            std::string::npos)
      << refused.err;
  EXPECT_EQ(run(), summary(12, 0, 0, 2, 34, 0));
}

TEST_F(FakeSweep, ASecondRunInTheSameFolderIsToldWhoHoldsIt) {
  rules({{{"stage", "load"}, {"action", "sleep"}, {"text", "30"}}});
  Command first(command({"run", (folder_ / "sweep.yaml").string()}), environment());
  for (int i = 0; i < 600 && !std::filesystem::exists(folder_ / "results" / "logs" / "worker-0.log"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CommandResult second = call({"run", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("another run works in"), std::string::npos) << second.err;
  EXPECT_NE(second.err.find("pid " + std::to_string(first.pid())), std::string::npos) << second.err;
}
