// What `status`, `show` and `logs` say of workers. Their files are written by hand.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <regex>
#include <thread>

#include "base/error.hpp"
#include "base/heartbeat.hpp"
#include "pool/submissions.hpp"
#include "store/run_note.hpp"
#include "store/staging.hpp"
#include "unit/cli/commands_fixture.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;

struct WorkersCommands : CommandsFixture {
  const std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE1", "none", 0, 0), sample_job("AE2", "tsne", 2, 0)};
  const ArtifactStore store{std::filesystem::absolute(results.folder()), "here.7.1"};
  const MailboxFolder mailbox{store.root() / "mailbox"};
  const std::string path = std::getenv("PATH");
  std::optional<HeldStaging> held;

  void SetUp() override {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sample_sweep("hw4_table"), jobs);
    std::filesystem::create_directories(store.logs());
    std::filesystem::create_directories(mailbox.workers());
  }
  void TearDown() override { ::setenv("PATH", path.c_str(), 1); }
  std::string host() const {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return name;
  }
  void a_run_works(const std::string& executor) {
    std::ofstream(store.lock_file()) << fmt::format("pid {} on {} since now", ::getpid(), host());
    a_run_was_killed(executor);
  }
  void a_run_was_killed(const std::string& executor) {
    held.emplace(store);
    write_run_note(store, "hw4_table", executor);
  }
  void joins(const std::string& name, int index = -1) {
    std::filesystem::create_directories(mailbox.worker(name));
    const std::string job = index < 0 ? "" : fmt::format(R"("node": "n{0}", "scheduler": "Slurm", "scheduler_id": "17_{0}", "crew": "all", "index": {0}, )", index);
    protocol::LineWriter(mailbox.from_worker(name)).append("joined {" + job + R"("host": "lab", "cores": 2})");
    HeartbeatWriter(mailbox.heartbeat(name)).beat();
  }
  void silent_for(const std::string& name, int seconds) {
    const std::filesystem::path file = mailbox.heartbeat(name);
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::seconds(seconds));
  }
  const std::string& key(std::size_t job, const std::string& stage) const { return task_of(jobs[job], stage).artifact.key; }
  std::string begins(const std::string& time, const std::string& stage, const std::string& of, int attempt = 1) const {
    return fmt::format("latentgrid {} task begins: {} {} attempt {}\n", time, stage, of, attempt);
  }
  std::string ends(const std::string& time, const std::string& stage, const std::string& of, const std::string& how, int attempt = 1) const {
    return fmt::format("latentgrid {} task ends: {} {} attempt {}: {}\n", time, stage, of, attempt, how);
  }
  std::filesystem::path log(const std::string& worker, const std::string& text) {
    const std::filesystem::path file = store.logs() / ("worker-" + worker + ".log");
    std::ofstream(file, std::ios::app) << text;
    return file;
  }
  // Slurm's commands are scripts from now on.
  void slurm_lists(const std::string& listing) {
    const auto script = [&](const char* name, const std::string& text) {
      const std::filesystem::path file = results.folder() / "bin" / name;
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << "#!/bin/sh\ncat <<'END'\n" << text << "END\n";
      std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    };
    script("scontrol", "MaxArraySize = 1001\n");
    script("squeue", listing);
    ::setenv("PATH", ((results.folder() / "bin").string() + ":" + path).c_str(), 1);
  }
  std::string slurm_line(int index, const std::string& name, const std::string& state, const std::string& reason) const {
    return fmt::format("{:<12}{:<12}{:<80}{:<16}{:<40}{:<400}{:<12}{:<20}{:<20}{:<20}\n", 17, index, name, state, state == "RUNNING" ? "n1" : "", reason, 0, 1795951161, 0, 0);
  }
  // Without the lines of the sweeps, and with the seconds that the machine takes for this test left out.
  std::string workers() {
    const std::size_t start = out.find("\n\n");
    const std::string text = start == std::string::npos ? "" : out.substr(start + 2);
    return std::regex_replace(std::regex_replace(text, std::regex("[0-9]+ s ago"), "just now"), std::regex("silent for 1 min [0-9]+ s"), "silent");
  }
};

TEST_F(WorkersCommands, StatusShowsWhatTheWorkersOfAMailboxDo) {
  a_run_works("mailbox");
  HeartbeatWriter(mailbox.coordinator()).beat();
  joins("lab-7-1", 3);
  joins("lab-8-1");
  joins("lab-9-1");
  joins("gone-1-1");
  silent_for("lab-9-1", 75);
  protocol::LineWriter(mailbox.from_worker("gone-1-1")).append("left 4 there was nothing to do for 300 s");
  log("lab-7-1", begins("2026-11-29T14:02:31.123Z", "train", key(0, "train")));
  log("lab-8-1", begins("2026-11-29T14:02:30.000Z", "load", key(0, "load")) + ends("2026-11-29T14:02:31.000Z", "load", key(0, "load"), "done"));
  log("lab-9-1", begins("2026-11-29T14:02:32.000Z", "cluster", key(2, "cluster")));
  EXPECT_EQ(run("status"), 0);
  const std::string trained = fmt::format("train AE1 seed 0 (job {} and 1 other)", jobs[0].id);
  const std::string clustered = fmt::format("cluster AE2 tsne 2-D kmeans seed 0 (job {})", jobs[2].id);
  const std::size_t width = std::max(trained.size(), clustered.size());
  EXPECT_EQ(workers(), fmt::format("worker   node  scheduler  {:<{}}  since                 heartbeat\n"
                                   "lab-7-1  n3    17_3       {:<{}}  2026-11-29T14:02:31Z  just now\n"
                                   "lab-8-1  lab   -          {:<{}}  -                     just now\n"
                                   "lab-9-1  lab   -          {:<{}}  2026-11-29T14:02:32Z  silent\n",
                                   "task", width, trained, width, "none", width, clustered, width));
  EXPECT_EQ(err, fmt::format("a run of hw4_table works in {}: pid {} on {} since now\n", results.folder().string(), ::getpid(), host()));
  run("status hw4_table --all");
  EXPECT_NE(out.find("left: there was nothing to do for 300 s"), std::string::npos) << out;
  run("status --json");
  const Json json = Json::parse(out);
  EXPECT_EQ(json["run"]["sweep"], "hw4_table");
  EXPECT_EQ(json["run"]["works"], true);
  ASSERT_EQ(json["workers"].size(), 3U);
  EXPECT_EQ(json["workers"][0]["worker"], "lab-7-1");
  EXPECT_EQ(json["workers"][0]["scheduler"]["job"], "17_3");
  EXPECT_EQ(json["workers"][0]["task"]["job"], jobs[0].id);
  EXPECT_EQ(json["workers"][0]["task"]["jobs"], 2);
  EXPECT_EQ(json["workers"][0]["task"]["since"], "2026-11-29T14:02:31.123Z");
  EXPECT_EQ(json["workers"][0]["log"], (results.folder() / "logs/worker-lab-7-1.log").string());
  EXPECT_EQ(json["workers"][1]["task"], nullptr);
}

TEST_F(WorkersCommands, StatusShowsTheProcessesOfThisMachine) {
  a_run_works("local");
  log("0", fmt::format("latentgrid 2999-01-01T00:00:00.000Z worker starts: process {} on {}\n", ::getpid(), host()) +
               begins("2999-01-01T00:00:01.000Z", "encode", key(2, "encode")));
  log("1", fmt::format("latentgrid 2020-01-01T00:00:00.000Z worker starts: process {} on {}\n", ::getpid(), host()));
  run("status");
  const std::string task = fmt::format("encode AE2 seed 0 (job {})", jobs[2].id);
  EXPECT_EQ(workers(), fmt::format("worker  {0:<{4}}  {1:<{5}}  since\n0       {2:<{4}}  {3}  2999-01-01T00:00:01Z\n", "node", "task", host(), task,
                                   std::max<std::size_t>(host().size(), 4), task.size()));
}

TEST_F(WorkersCommands, StatusSaysHowFarTheRunIs) {
  a_run_works("local");
  write_run_progress(store, {57, 133, 34});
  run("status");
  EXPECT_NE(err.find(fmt::format("a run of hw4_table works in {}: 57 of 133 tasks done, ETA 34 s; pid ", results.folder().string())), std::string::npos) << err;
  run("status --json");
  EXPECT_EQ(Json::parse(out)["run"]["progress"], Json::parse(R"({"done": 57, "total": 133, "eta_s": 34.0})"));
  write_run_progress(store, {57, 133, -1});
  run("status");
  EXPECT_NE(err.find("57 of 133 tasks done; pid "), std::string::npos) << err;
}

TEST_F(WorkersCommands, StatusSaysWhatAKilledRunHasLeft) {
  a_run_was_killed("mailbox");
  joins("lab-7-1");
  run("status");
  EXPECT_NE(err.find(fmt::format(" (process {} on {} since ", ::getpid(), host())), std::string::npos) << err;
  EXPECT_NE(err.find(") was killed, and 1 worker of that run is still there: `latentgrid run FILE` takes it over, `latentgrid cancel hw4_table` ends it\n"), std::string::npos) << err;
  EXPECT_NE(out.find("lab-7-1"), std::string::npos) << out;
}

TEST_F(WorkersCommands, StatusShowsTheRestWhereTheSchedulerSaysNothing) {
  a_run_works("slurm");
  HeartbeatWriter(mailbox.coordinator()).beat();
  Submissions(mailbox).record("all", 0, 1);
  joins("lab-7-1", 0);
  ::setenv("PATH", results.folder().c_str(), 1);
  EXPECT_EQ(run("status"), 0);
  EXPECT_NE(out.find("lab-7-1  n0    17_0 "), std::string::npos) << out;
  EXPECT_NE(err.find("what the scheduler says of the workers is missing: cannot ask Slurm for its configuration: scontrol can't be started: No such file or directory\n"),
            std::string::npos)
      << err;
}

TEST_F(WorkersCommands, StatusSaysWhyWorkersWaitAndWhatCanBeDone) {
  a_run_works("slurm");
  HeartbeatWriter(mailbox.coordinator()).beat();
  Submissions submissions(mailbox);
  submissions.record("all", 0, 3);
  const std::string long_reason = "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions";
  std::string listing;
  for (int i = 0; i < 3; ++i) {
    listing += slurm_line(i, submissions.job_name("all"), "PENDING", i < 2 ? long_reason : "PartitionTimeLimit");
  }
  slurm_lists(listing);
  EXPECT_EQ(run("status"), 0);
  const std::string shown = out, said = err;
  run("status --json");
  EXPECT_NE(shown.find("17_0 pending (" + long_reason + ")"), std::string::npos) << shown;
  EXPECT_TRUE(said.starts_with("a run of hw4_table works in ")) << said;
  EXPECT_NE(said.find("job 17_0 and 1 other wait: " + long_reason + ": the nodes that it could run on are down, drained or reserved\n  hint: `sinfo -R` says why"), std::string::npos) << said;
  EXPECT_NE(said.find("job 17_2 will not start unless something changes: PartitionTimeLimit: it asks for more time than its partition allows\n  hint: ask for less with --slurm time=..."), std::string::npos) << said;
  const Json scheduler = Json::parse(out)["workers"][2]["scheduler"];
  EXPECT_EQ(scheduler["state"], "pending");
  EXPECT_EQ(scheduler["meaning"], "it asks for more time than its partition allows");
}

TEST_F(WorkersCommands, StatusShowsTheRestWhereTheCommandsOfAFileCannotBeUsed) {
  a_run_works("launcher");
  HeartbeatWriter(mailbox.coordinator()).beat();
  Submissions(mailbox).record("all", 0, 1);
  joins("lab-7-1");
  const std::filesystem::path file = results.folder() / "sweep.yaml";
  std::ofstream(file) << "name: hw4_table\nlauncher: {submit: qsub, list: qstat, columns: '{id} {name} {state}', cancel: 'qdel {name}'}\n";
  EXPECT_EQ(run("status " + file.string()), 0);
  EXPECT_NE(out.find("lab-7-1  lab "), std::string::npos) << out;
  EXPECT_NE(err.find("what the scheduler says of the workers is missing: the launcher's command 'submit' has no {script}"), std::string::npos) << err;
  EXPECT_FALSE(std::filesystem::exists(mailbox.scripts())) << "who only looks makes no folder";
}

TEST_F(WorkersCommands, StatusOfAnotherSweepHasNoWorkers) {
  {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sample_sweep("other"), {jobs[0]});
  }
  a_run_works("mailbox");
  HeartbeatWriter(mailbox.coordinator()).beat();
  joins("lab-7-1");
  run("status other");
  EXPECT_EQ(workers(), "");
  EXPECT_EQ(out.find("hw4_table"), std::string::npos) << out;
  EXPECT_THROW(run("status nothing"), UsageError);
}

TEST_F(WorkersCommands, LogsPrintsAJobsTasksInTheirOrder) {
  const auto first = log("0", begins("2026-11-29T14:00:00.000Z", "load", key(0, "load")) + ends("2026-11-29T14:00:01.000Z", "load", key(0, "load"), "done") +
                                  begins("2026-11-29T14:00:02.000Z", "train", key(2, "train")) + "of another job\n" +
                                  ends("2026-11-29T14:00:03.000Z", "train", key(2, "train"), "done") +
                                  begins("2026-11-29T14:00:04.000Z", "train", key(0, "train")) + "last words\n");
  const auto second = log("lab-7-1", "latentgrid 2026-11-29T14:00:04.000Z worker starts: process 7 on lab; on n3 (Slurm job 17_3)\n" +
                                         begins("2026-11-29T14:00:05.000Z", "train", key(0, "train"), 2) + "warning: a\nwarning: b\n" +
                                         ends("2026-11-29T14:00:06.000Z", "train", key(0, "train"), "failed (diverged): loss is NaN", 2));
  log("0", "latentgrid 2026-11-29T14:00:07.000Z worker starts: process 1 on lab\n");
  EXPECT_EQ(run("logs " + jobs[0].id.substr(0, 8)), 0);
  EXPECT_EQ(out, fmt::format("== load scenes, attempt 1, by worker 0; {0}\n"
                             "2026-11-29T14:00:00.000Z: begun\n"
                             "2026-11-29T14:00:01.000Z: done\n\n"
                             "== train AE1 seed 0, attempt 1, by worker 0; {0}\n"
                             "2026-11-29T14:00:04.000Z: begun\n"
                             "last words\n"
                             "not finished: the worker ended during this task\n\n"
                             "== train AE1 seed 0, attempt 2, by worker lab-7-1 on n3 (Slurm job 17_3); {1}\n"
                             "2026-11-29T14:00:05.000Z: begun\n"
                             "warning: a\nwarning: b\n"
                             "2026-11-29T14:00:06.000Z: failed (diverged): loss is NaN\n\n",
                             (results.folder() / "logs" / first.filename()).string(), (results.folder() / "logs" / second.filename()).string()));
  EXPECT_EQ(err, "");
}

TEST_F(WorkersCommands, LogsTellsTasksOfOneStageApartAndNumbersThePiecesOfAnAttempt) {
  JobRecord job = sample_job("AE1", "pca50+tsne", 2, 0);
  const std::string first = sha256_hex("the first step"), last = task_of(job, "reduce").artifact.key;
  const auto reduce = std::find_if(job.path.begin(), job.path.end(), [](const TaskRef& task) { return task.stage == "reduce"; });
  job.path.insert(reduce, {"reduce", {first, 50}, 0});
  std::find_if(job.path.begin(), job.path.end(), [&](const TaskRef& task) { return task.artifact.key == last; })->step = 1;
  {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sample_sweep("chain"), {job});
  }
  const std::string& train = task_of(job, "train").artifact.key;
  const auto begins_to = [&](const std::string& time, const std::string& extents) { return fmt::format("latentgrid {} task begins: train {} attempt 1, to {}\n", time, train, extents); };
  log("0", begins_to("T01", "5") + ends("T02", "train", train, "done") + begins_to("T03", "10, 20") + ends("T04", "train", train, "interrupted"));
  log("1", begins_to("T05", "10, 20") + "latentgrid T06 worker starts: process 7 on lab\n" + begins_to("T07", "10, 20") + ends("T08", "train", train, "done"));
  log("2", begins("T09", "reduce", first) + ends("T10", "reduce", first, "done") + begins("T11", "reduce", last) + ends("T12", "reduce", last, "done"));
  EXPECT_EQ(run("logs " + job.id), 0);
  std::string headings;
  for (std::size_t at = out.find("== "); at != std::string::npos; at = out.find("== ", at + 1)) headings += out.substr(at, out.find(", by", at) - at) + "\n";
  EXPECT_EQ(headings,
            "== train AE1 seed 0 to 5 epochs, attempt 1\n"
            "== train AE1 seed 0 to 10, 20 epochs, attempt 1\n"
            "== train AE1 seed 0 to 10, 20 epochs, attempt 1, part 2\n"
            "== train AE1 seed 0 to 10, 20 epochs, attempt 1, part 3\n"
            "== reduce AE1 pca 50-D seed 0, attempt 1\n"
            "== reduce AE1 pca50+tsne 2-D seed 0, attempt 1\n");
}

TEST_F(WorkersCommands, LogsSaysWhereThereIsNothing) {
  EXPECT_EQ(run("logs " + jobs[2].id), 0);
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, fmt::format("no log in {} has a task of job {}: none of its tasks has begun, or an older version of latentgrid did them\n",
                             (results.folder() / "logs").string(), jobs[2].id));
  EXPECT_EQ(run("logs --follow " + jobs[2].id), 0) << "no run works, so nothing comes";
  EXPECT_NE(err.find(fmt::format("no run works in {} any more, and job {} is not done: `latentgrid run FILE` goes on with it\n", results.folder().string(), jobs[2].id)), std::string::npos) << err;
  EXPECT_THROW(run("logs zzz"), UsageError);
}

TEST_F(WorkersCommands, FollowingSaysThatTheRunOfAJobWaitsInTheQueue) {
  Submissions submissions(mailbox);
  submissions.record("coordinator", 0, 1);
  const std::string name = submissions.job_name("coordinator-0");
  std::filesystem::create_directories(mailbox.runs());
  std::ofstream(mailbox.runs() / name) << "slurm hw4_table";
  slurm_lists(slurm_line(0, name, "PENDING", "Priority"));
  EXPECT_EQ(run("logs -f " + jobs[2].id), 0);
  EXPECT_NE(err.find(fmt::format("the run of hw4_table waits in the queue as job 17_0; job {} has not begun\n", jobs[2].id)), std::string::npos) << err;
  EXPECT_EQ(err.find("no run works"), std::string::npos) << err;
  log("0", begins("T01", "train", key(2, "train")) + ends("T02", "train", key(2, "train"), "interrupted"));
  slurm_lists(slurm_line(0, name, "RUNNING", "None"));
  EXPECT_EQ(run("logs -f " + jobs[2].id), 0);
  EXPECT_EQ(err, fmt::format("the run of hw4_table has started as job 17_0 and plans its work; job {} is not done\n", jobs[2].id));
  {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sample_sweep("other"), {sample_job("AE3", "pca", 32, 0)});
  }
  EXPECT_EQ(run("logs -f " + sample_job("AE3", "pca", 32, 0).id), 0);
  EXPECT_NE(err.find("no run works in "), std::string::npos) << "the run that waits is of another sweep";
}

// Of a run on another machine nothing else shows that it was killed.
TEST_F(WorkersCommands, FollowingSaysThatARunGivesNoSignOfLife) {
  a_run_works("slurm");
  HeartbeatWriter(mailbox.coordinator()).beat();
  std::filesystem::last_write_time(mailbox.coordinator(), std::filesystem::last_write_time(mailbox.coordinator()) - std::chrono::seconds(150));
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    std::filesystem::remove(store.lock_file());
  });
  EXPECT_EQ(run("logs --follow " + jobs[2].id), 0);
  ends.join();
  EXPECT_TRUE(err.starts_with("the run has given no sign of life for 2 min ")) << err;
  EXPECT_NE(err.find("; if it was killed, `latentgrid run FILE` goes on with job " + jobs[2].id + "\n"), std::string::npos) << err;
}

TEST_F(WorkersCommands, ShowNamesTheLogOfAFailure) {
  {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    record_results(db, {}, {{"train", key(2, "train"), "diverged", "loss is NaN", "2026-11-21T10:09:00.000Z", 1}},
                   {{jobs[2].id, JobState::failed, "train: loss is NaN", "2026-11-21T10:09:00.000Z"}});
  }
  log("lab-7-1", "latentgrid 2026-11-29T14:00:04.000Z worker starts: process 7 on lab; on n3 (Slurm job 17_3)\n" + begins("2026-11-29T14:00:05.000Z", "train", key(2, "train")) + ends("2026-11-29T14:00:06.000Z", "train", key(2, "train"), "failed (diverged): loss is NaN"));
  const std::string file = (results.folder() / "logs/worker-lab-7-1.log").string();
  run("show " + jobs[2].id);
  EXPECT_NE(out.find(fmt::format("\nlogs of the workers that failed; `latentgrid logs {}` prints this job's parts of them\n"
                                 "  stage  attempt  worker                  log\n"
                                 "  train        1  on n3 (Slurm job 17_3)  {}\n",
                                 jobs[2].id, file)),
            std::string::npos)
      << out;
  run("show --json " + jobs[2].id);
  const Json failure = Json::parse(out)["failures"][0];
  EXPECT_EQ(failure["worker"], "on n3 (Slurm job 17_3)");
  EXPECT_EQ(failure["log"], file);
}

}  // namespace
}  // namespace latentgrid::cli
