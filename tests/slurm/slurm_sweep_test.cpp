// Sweeps on a real Slurm cluster, and what goes wrong on one. The work is a fake worker's.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include "base/file_system.hpp"
#include "slurm/slurm_sweep_fixture.hpp"

namespace latentgrid {
namespace {

using testing::Command;
using testing::CommandResult;
using testing::run_command;
using testing::SlurmCluster;
using testing::SlurmSweep;

TEST_F(SlurmSweep, GivesWhatProcessesOfThisMachineGive) {
  const Json local = local_record();
  auto sweep = start();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0));
  EXPECT_EQ(record(), local);
  EXPECT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h"}).empty(); })) << "nobody waits in the queue for work that is done";
  EXPECT_TRUE(workers().empty());
}

TEST_F(SlurmSweep, AWorkerThatIsCancelledHandsItsTaskBackAndIsReplaced) {
  start_cluster({"KillWait=30"});
  trainings_await_go();
  auto sweep = start();
  ASSERT_TRUE(is_training(2));
  slurm({"/usr/bin/scancel", "--me"});
  EXPECT_TRUE(says(*sweep, "has left: a signal told it to end"));
  ASSERT_TRUE(is_training(4));
  go();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  EXPECT_EQ(failures(), 0) << "that is no failure of the task";
}

TEST_F(SlurmSweep, AWorkerThatIsKilledIsReplaced) {
  trainings_await_go();
  auto sweep = start();
  ASSERT_TRUE(is_training(2));
  for (pid_t worker : workers()) ::kill(worker, SIGKILL);
  ASSERT_TRUE(is_training(4));
  go();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  EXPECT_NE(last_err_.find("no sign of life for 15 s; Slurm says: FAILED (killed by signal 9): the system does this when memory runs out; ask for more with --slurm memory=..., or with memory: in the file's section slurm; see " + (folder_ / "results/logs/worker-").string()), std::string::npos)
      << "the scheduler knew that it had ended: " << last_err_;
  EXPECT_NE(last_err_.find("(the worker on n1 (Slurm job "), std::string::npos) << last_err_;
}

TEST_F(SlurmSweep, ACoordinatorThatIsKilledIsFollowedByAnotherWhileWorkersRun) {
  trainings_await_go();
  auto killed = start();
  ASSERT_TRUE(is_training(2));
  killed->signal(SIGKILL);
  killed->wait();
  auto next = start();
  ASSERT_TRUE(comes_true([&] { return taken_over() == 2; }));
  go();
  EXPECT_EQ(summary_of(*next)["jobs"]["complete"], 12);
  EXPECT_EQ(failures(), 0);
  EXPECT_EQ(tasks_begun("train").size(), 2u) << "what the workers had in hand was not begun again";
  EXPECT_TRUE(comes_true([&] { return workers().empty(); }));
}

TEST_F(SlurmSweep, TheControllerMayBeAwayForAWhile) {
  trainings_await_go();
  auto sweep = start();
  ASSERT_TRUE(is_training(2));
  cluster_->kill("controller");
  std::this_thread::sleep_for(std::chrono::seconds(6));
  cluster_->start("controller");
  go();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
}

// It was killed before it had written down that the job runs. The first worker is dead, and nobody waits for it.
TEST_F(SlurmSweep, AControllerThatHasForgottenAWorkerStartsItAgain) {
  trainings_await_go();
  auto sweep = start({"--slurm", "workers=1", "--slurm", "extra=--hold"});
  const auto release = [] {
    const std::string held = slurm({"/usr/bin/squeue", "-h", "-r", "-t", "PD", "-o", "%F"});
    return !held.empty() && run_command({"/usr/bin/scontrol", "release", held.substr(0, held.find('\n'))}).exit_code == 0;
  };
  ASSERT_TRUE(comes_true([&] { return !slurm({"/usr/bin/squeue", "-h", "-t", "PD"}).empty(); }));
  slurm({"/usr/bin/scontrol", "shutdown", "slurmctld"});
  const std::filesystem::path state = cluster_->folder() / "cluster/state", before = cluster_->folder() / "before";
  ASSERT_TRUE(comes_true([&] { return std::filesystem::exists(state / "job_state") && !std::filesystem::exists(cluster_->folder() / "cluster/run/controller.pid"); }));
  std::filesystem::copy(state, before, std::filesystem::copy_options::recursive);
  cluster_->start("controller");
  ASSERT_TRUE(comes_true(release));
  ASSERT_TRUE(is_training());
  for (const char* daemon : {"controller", "n1"}) cluster_->kill(daemon);
  for (pid_t worker : workers()) {
    std::string itself, name, state_of_it;
    pid_t parent = 0;
    std::ifstream("/proc/" + std::to_string(worker) + "/stat") >> itself >> name >> state_of_it >> parent;
    ASSERT_GT(parent, 1);
    ::kill(parent, SIGKILL);  // which would tell the controller
    ::kill(worker, SIGKILL);
  }
  std::filesystem::remove_all(state);
  std::filesystem::rename(before, state);
  cluster_->start("controller");
  cluster_->start("n1");
  ASSERT_TRUE(comes_true(release));
  EXPECT_TRUE(says(*sweep, "has left: Slurm has started its job again, as worker ")) << sweep->err_so_far();
  go();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
}

// The node's daemon is gone, its worker is not: what Slurm says is a hint.
TEST_F(SlurmSweep, ANodeThatSlurmHasLostMayFinishItsWork) {
  trainings_await_go();
  auto sweep = start();
  ASSERT_TRUE(is_training(2));
  cluster_->kill("n1");
  EXPECT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h", "-t", "all", "-o", "%T"}).find("NODE_FAIL") != std::string::npos; }));
  go();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  EXPECT_EQ(failures(), 0);
}

TEST_F(SlurmSweep, WhatSlurmRefusesIsSaidBeforeAnythingRuns) {
  auto sweep = start({"--slurm", "partition=nowhere"});
  const CommandResult result = sweep->wait();
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_NE(result.err.find("nowhere"), std::string::npos) << result.err;
  EXPECT_EQ(slurm({"/usr/bin/squeue", "-h", "-t", "all"}), "");
}

TEST_F(SlurmSweep, SmallArraysAreEnoughForManyWorkers) {
  start_cluster({"MaxArraySize=3", "MinJobAge=5"});
  auto sweep = start({"--slurm", "workers=6"});
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
}

TEST_F(SlurmSweep, TasksOnAGpuGoToWorkersThatHaveOne) {
  auto sweep = start({"--set", "train.device=auto", "--slurm", "train.gres=gpu:1", "--slurm", "train.workers=2"});
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  for (const std::string& task : tasks_begun()) {
    const bool is_on_gpu = task.starts_with("train") || task.starts_with("encode");
    EXPECT_EQ(task.ends_with(" cuda:0"), is_on_gpu) << task;
  }
  EXPECT_NE(slurm({"/usr/bin/squeue", "-h", "-t", "all", "-O", "Name:40,tres-per-node:20"}).find("gpu:1"), std::string::npos);
}

TEST_F(SlurmSweep, ADeviceThatNoWorkerHasIsAMistake) {
  auto sweep = start({"--set", "train.device=cuda"});
  const CommandResult result = sweep->wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("the sweep says device: cuda, and no worker asks the cluster for a GPU"), std::string::npos) << result.err;
}

TEST_F(SlurmSweep, ADetachedRunIsAJobOfItsOwn) {
  const Json local = local_record();
  auto sweep = start({"--detach", "--slurm", "coordinator.partition=short"});
  const CommandResult result = sweep->wait();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::filesystem::path log = Json::parse(result.out)["log"].get<std::string>();
  ASSERT_TRUE(comes_true([&] { return std::filesystem::exists(log) && read_file(log).find("\"complete\":12") != std::string::npos; }));
  EXPECT_EQ(record(), local);
  EXPECT_NE(slurm({"/usr/bin/squeue", "-h", "-t", "all", "-O", "Name:40,Partition:20"}).find("-coordinator-0"), std::string::npos);
  EXPECT_EQ(Json::parse(call({"status", "--json"}).out)["submitted"], Json::array()) << "it has begun";
}

TEST_F(SlurmSweep, ADetachedRunThatWaitsIsShownAndCanBeCancelled) {
  const std::vector<std::string> held = {"--detach", "--slurm", "coordinator.extra=--hold"};
  const auto submitted = [&] { return Json::parse(call({"status", "--json"}).out)["submitted"]; };
  EXPECT_EQ(start(held)->wait().exit_code, 0);
  const Json all = submitted();
  ASSERT_EQ(all.size(), 1U) << all;
  const Json shown = all[0];
  EXPECT_EQ(shown["sweep"], "fake");
  EXPECT_EQ(shown["scheduler"]["state"], "pending");
  EXPECT_EQ(shown["scheduler"]["reason"], "JobHeldUser");
  const std::string job = shown["scheduler"]["job"];
  EXPECT_NE(call({"status"}).err.find("a run of fake was submitted as job " + job + " and waits in the queue (JobHeldUser: it is on hold): `latentgrid cancel fake` removes it\n  hint: `scontrol release "), std::string::npos);
  const CommandResult second = start(held)->wait();
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("a run of fake was submitted from this results folder before, as job " + job + ", and has not started yet"), std::string::npos) << second.err;
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_EQ(cancelled.out, "the run of fake that waited as job " + job + " was removed from the queue\n");
  EXPECT_EQ(slurm({"/usr/bin/squeue", "-h"}), "");
  EXPECT_EQ(submitted(), Json::array());
  EXPECT_EQ(call({"cancel", "fake"}).out, "there is nothing to cancel for fake\n");
  EXPECT_EQ(start(held)->wait().exit_code, 0);
  EXPECT_EQ(submitted()[0]["scheduler"]["state"], "pending");
  const CommandResult local = call({"run", (folder_ / "sweep.yaml").string()});
  EXPECT_EQ(local.exit_code, 0);
  EXPECT_NE(local.err.find("note: a run of fake was submitted as a job from this results folder and has not started. If it starts while this run works, it ends at once; `latentgrid cancel fake` removes it\n"),
            std::string::npos)
      << local.err;
}

TEST_F(SlurmSweep, WhatSlurmRefusesIsSaidBeforeARunIsDetached) {
  auto sweep = start({"--detach", "--slurm", "partition=nowhere"});
  EXPECT_EQ(sweep->wait().exit_code, 1);
  EXPECT_EQ(slurm({"/usr/bin/squeue", "-h", "-t", "all"}), "");
  const CommandResult long_run = start({"--detach", "--slurm", "coordinator.partition=short", "--slurm", "coordinator.time=5:00"})->wait();
  EXPECT_EQ(long_run.exit_code, 1);
  EXPECT_NE(long_run.err.find("cannot start the job of this run with Slurm: short lets no job run for 5:00"), std::string::npos) << long_run.err;
}

TEST_F(SlurmSweep, AStageMayHaveWorkersOfItsOwn) {
  auto sweep = start({"--slurm", "train.partition=short", "--slurm", "train.workers=1"});
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  EXPECT_NE(last_err_.find("asked Slurm for 1 worker for train"), std::string::npos) << last_err_;
}

TEST_F(SlurmSweep, StatusShowsSlurmsViewBesideOurs) {
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
  slurm({"/usr/bin/sbatch", "--output=/dev/null", "--array=0-2", "-c2", "--wrap", "sleep 10"});
  ASSERT_TRUE(comes_true([] { return slurm({"/usr/bin/squeue", "-h", "-t", "R"}) != ""; }));
  auto sweep = start({"--slurm", "workers=2"});
  const auto status = [&] { return Json::parse(call({"status", "--json"}).out, nullptr, false); };
  const auto counted = [](const Json& json, const auto& matches) {
    std::size_t count = 0;
    if (!json.is_object()) return count;  // there is no database yet
    for (const Json& worker : json["workers"]) count += !worker["scheduler"].is_null() && matches(worker);  // null: it is about to say where it is
    return count;
  };
  const auto waits = [](const Json& worker) { return worker["worker"].is_null() && worker["scheduler"]["state"] == "pending" && worker["scheduler"]["reason"] == "Resources"; };
  const auto trains = [](const Json& worker) {
    return worker["scheduler"]["state"] == "running" && worker["node"].dump().starts_with("\"n") && !worker["task"].is_null() && worker["task"]["stage"] == "train";
  };
  EXPECT_TRUE(comes_true([&] { return counted(status(), waits) == 2; })) << status().dump();
  EXPECT_TRUE(comes_true([&] { return counted(status(), trains) == 2; })) << status().dump();
  cluster_->kill("controller");
  const Json without = status();
  EXPECT_NE(without["scheduler_problem"], nullptr);
  EXPECT_EQ(without["workers"].size(), 2U);
  cluster_->start("controller");
  sweep->signal(SIGKILL);
  sweep->wait();
}

TEST_F(SlurmSweep, CancelEndsTheRunAndItsJobs) {
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
  slurm({"/usr/bin/sbatch", "--output=/dev/null", "--job-name=of_another", "--wrap", "sleep 100"});
  auto sweep = start({"--slurm", "workers=2"});
  ASSERT_TRUE(is_training(2));
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_NE(cancelled.out.find("(Slurm job "), std::string::npos) << cancelled.out;
  EXPECT_EQ(sweep->wait().exit_code, 130);
  EXPECT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h", "-o", "%j"}) == "of_another\n"; })) << slurm({"/usr/bin/squeue"});
  const CommandResult again = call({"cancel", "fake"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, "there is nothing to cancel for fake\n");
}

// Of a run that was killed nobody else ends the workers.
TEST_F(SlurmSweep, CancelEndsWhatAKilledRunHasLeft) {
  rules({{{"stage", "train"}, {"action", "sleep"}, {"text", "60"}}});
  auto killed = start({"--slurm", "workers=2"});
  ASSERT_TRUE(is_training(2));
  killed->signal(SIGKILL);
  killed->wait();
  const CommandResult cancelled = call({"cancel", "fake"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_NE(cancelled.out.find(") was cancelled\n"), std::string::npos) << cancelled.out;
  EXPECT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h"}).empty() && workers().empty(); }));
  EXPECT_NE(call({"cancel", "fake"}).out.find("none of its workers is left"), std::string::npos);
  const std::string job = query("SELECT job FROM results ORDER BY job")[0]["job"];
  const CommandResult logs = call({"logs", job});
  EXPECT_NE(logs.out.find(" to 1, 2 epochs, attempt 1, by worker "), std::string::npos) << logs.out;
  EXPECT_NE(logs.out.find("(Slurm job "), std::string::npos) << logs.out;
  EXPECT_NE(logs.out.find("Z: interrupted\n"), std::string::npos) << logs.out;
}

TEST_F(SlurmSweep, CancelClaimsNothingOfWorkersThatDiedWithTheirRun) {
  trainings_await_go();
  auto killed = start({"--slurm", "workers=2"});
  ASSERT_TRUE(is_training(2));
  killed->signal(SIGKILL);
  killed->wait();
  for (pid_t worker : workers()) ::kill(worker, SIGKILL);
  ASSERT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h"}).empty(); }));
  const std::string said = call({"cancel", "fake"}).out;
  for (const char* claim : {"was cancelled", "has ended", "was told"}) EXPECT_EQ(said.find(claim), std::string::npos) << said;
  EXPECT_TRUE(comes_true([&] { return Json::parse(call({"status", "--json"}).out)["workers"].empty(); }));
  EXPECT_NE(call({"cancel", "fake"}).out.find("none of its workers is left"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "results/mailbox/workers"));
}

// An image latentgrid.sif in which there are no commands of Slurm's, started from outside by scripts/container/latentgrid. What stands
// for Apptainer runs programs of this machine, but finds only those that are in the image.
class SlurmSweepInAnImage : public SlurmSweep {
 protected:
  void SetUp() override {
    SlurmSweep::SetUp();
    if (IsSkipped()) return;
    const std::filesystem::path site = folder_ / "site", image = site / "latentgrid.sif", scripts = LATENTGRID_SOURCE_DIR "/scripts/container";
    std::filesystem::create_directories(image / "libexec/container/on_host");
    std::filesystem::copy_file(scripts / "latentgrid", site / "latentgrid");
    std::filesystem::create_symlink("latentgrid", site / "latentgrid-worker");
    for (const char* name : {"sbatch", "scancel", "scontrol", "sinfo", "squeue"}) {
      std::filesystem::copy_file(scripts / "on_host", image / "libexec/container/on_host" / name);
    }
    std::filesystem::copy_file(LATENTGRID_BINARY_DIR "/bin/latentgrid-worker", image / "libexec/latentgrid-worker");
    std::filesystem::create_symlink(image / "libexec/latentgrid-worker", image / "latentgrid-worker");
    std::filesystem::create_symlink(LATENTGRID_BINARY_DIR "/bin/latentgrid", image / "latentgrid");
    for (const char* name : {"cat", "dirname", "env", "mkfifo", "mktemp", "readlink", "rm", "sh"}) {
      std::filesystem::create_symlink(std::string("/usr/bin/") + name, image / name);
    }
    write("site/apptainer", R"(#!/bin/bash
[ "$1" = exec ] || exit 1
shift
while [[ $1 == --* ]]; do
  if [ "$1" = --env ]; then IFS=, read -ra variables <<<"$2"; export "${variables[@]}"; fi
  shift 2
done
PATH=$1 exec "${@:2}"
)");
    std::filesystem::permissions(site / "apptainer", std::filesystem::perms::owner_all);
    std::filesystem::create_directory(folder_ / "tmp");
    program_ = site / "latentgrid";
  }
  std::map<std::string, std::string> environment() override {
    auto variables = SlurmSweep::environment();
    variables["PATH"] = (folder_ / "site").string() + ":/usr/bin:/bin";
    variables["TMPDIR"] = (folder_ / "tmp").string();
    variables["SBATCH_PARTITION"] = "nowhere";  // what such variables say is not for the workers
    return variables;
  }
  bool cleans_up() {
    return comes_true([&] { return std::filesystem::is_empty(folder_ / "tmp"); });
  }
};

TEST_F(SlurmSweepInAnImage, GivesWhatProcessesOfThisMachineGive) {
  const Json local = local_record();
  auto sweep = start();
  EXPECT_EQ(summary_of(*sweep), summary(12, 0, 0, 36, 0, 0)) << last_err_;
  EXPECT_EQ(record(), local);
  EXPECT_TRUE(comes_true([&] { return slurm({"/usr/bin/squeue", "-h"}).empty(); }));
  EXPECT_TRUE(cleans_up());
}

TEST_F(SlurmSweepInAnImage, WhatSlurmRefusesIsSaid) {
  auto sweep = start({"--slurm", "partition=nowhere"});
  const CommandResult result = sweep->wait();
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_NE(result.err.find("nowhere"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("this cluster has the partitions"), std::string::npos) << result.err;
}

TEST_F(SlurmSweepInAnImage, AnInterruptEndsTheWorkersThatRunInTheImage) {
  trainings_await_go();
  auto sweep = start();
  ASSERT_TRUE(is_training(2));
  for (pid_t worker : workers()) {
    EXPECT_EQ(std::filesystem::read_symlink("/proc/" + std::to_string(worker) + "/exe"), folder_ / "site/latentgrid.sif/libexec/latentgrid-worker");
  }
  sweep->signal(SIGINT);
  EXPECT_EQ(sweep->wait().exit_code, 130);
  EXPECT_TRUE(comes_true([&] { return workers().empty() && slurm({"/usr/bin/squeue", "-h"}).empty(); }));
  EXPECT_TRUE(cleans_up());
}

TEST_F(SlurmSweepInAnImage, WithoutTheScriptOutsideTheCommandsSayWhatIsMissing) {
  const CommandResult result = run_command({(folder_ / "site/latentgrid.sif/libexec/container/on_host/squeue").string()});
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_EQ(result.err, "squeue: not in this container; start it by the script 'latentgrid' outside, which passes calls on (docs/cluster.md)\n");
}

}  // namespace
}  // namespace latentgrid
