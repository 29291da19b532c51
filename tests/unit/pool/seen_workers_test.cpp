// Workers as somebody sees them who only looks, and how they are sent away. Mailboxes and the scheduler's list are written by hand.
#include "pool/seen_workers.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "base/file_system.hpp"
#include "base/heartbeat.hpp"
#include "pool/farewell.hpp"
#include "pool/submissions.hpp"
#include "pool/submitted.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using Strings = std::vector<std::string>;

// A scheduler with a list, which may not answer.
class ListLauncher : public Launcher {
 public:
  std::vector<ListedWorker> listed;
  bool is_silent = false;
  Strings cancelled;

  void check(const WorkerRequest&) override {}
  Answer<std::vector<Submitted>> submit(const WorkerRequest&) override { return {{}, [](const auto&) { return std::vector<Submitted>(); }, system_clock()}; }
  Answer<std::vector<ListedWorker>> list(const std::vector<WorkerRange>&) override {
    fail_if_silent();
    return {{}, [all = listed](const auto&) { return all; }, system_clock()};
  }
  Answer<Cancelled> cancel(const WorkerRange& range) override {
    fail_if_silent();
    cancelled.push_back(range.name);
    return {{}, [](const auto&) { return Cancelled(); }, system_clock()};
  }
  std::filesystem::path log_of(const WorkerRequest&, int) override { return ""; }

 private:
  void fail_if_silent() const {
    if (is_silent) throw SchedulerError("no answer", "", true);
  }
};

class SeenWorkersTest : public ::testing::Test {
 protected:
  SeenWorkersTest() {
    std::filesystem::create_directories(logs_);
    std::filesystem::create_directories(folder_.workers());
  }
  void submitted(int count) {
    Submissions(folder_).record("all", 0, count);
  }

  void join(const std::string& name, const std::string& crew = "", int index = 0) {
    std::filesystem::create_directories(folder_.worker(name));
    says(name, R"(joined {"host": "lab", "node": "n)" + std::to_string(index) + R"(", "cores": 2, "scheduler": ")" + (crew.empty() ? "" : "Slurm") +
                   R"(", "scheduler_id": ")" + (crew.empty() ? "" : "17_" + std::to_string(index)) + R"(", "crew": ")" + crew + R"(", "index": )" + std::to_string(index) + "}");
    HeartbeatWriter(folder_.heartbeat(name)).beat();
  }
  void says(const std::string& name, const std::string& line) { protocol::LineWriter(folder_.from_worker(name)).append(line); }
  void is_silent_for(const std::string& name, int seconds) {
    const std::filesystem::path file = folder_.heartbeat(name);
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::seconds(seconds));
  }
  void logs(const std::string& name, const std::string& text) { std::ofstream(logs_ / ("worker-" + name + ".log")) << text; }
  ListedWorker listed(int index, WorkerState state, const std::string& reason = "") {
    return {job_name(known_id(folder_).value_or(""), "all"), index, "17_" + std::to_string(index), state, state == WorkerState::pending ? "" : "n" + std::to_string(index), reason, 1764424800, false};
  }
  void tell(const std::string& name, const std::string& line) { protocol::LineWriter(folder_.to_worker(name)).append(line); }
  Strings told(const std::string& name) { return protocol::LineReader(folder_.to_worker(name)).read(); }

  testing::TemporaryFolder temporary_;
  const MailboxFolder folder_{temporary_ / "mailbox"};
  const std::filesystem::path logs_ = temporary_ / "logs";
  ListLauncher launcher_;
};

TEST_F(SeenWorkersTest, AWorkerIsWhatItsFilesSay) {
  join("b", "all", 3);
  join("a");
  logs("b", "latentgrid T0 worker starts: process 7 on lab\nlatentgrid T1 task begins: train 5f attempt 1\n");
  logs("a", "latentgrid T0 worker starts: process 8 on lab\n");
  const SeenWorkers seen = see_mailbox(folder_, logs_);
  ASSERT_EQ(seen.workers.size(), 2U);
  EXPECT_EQ(seen.workers[0].name, "a");
  EXPECT_FALSE(seen.workers[0].task);
  EXPECT_FALSE(seen.workers[0].is_of_a_scheduler());
  EXPECT_EQ(in_words(*seen.workers[0].place), "on n0");
  EXPECT_EQ(seen.workers[1].node(), "n3");
  EXPECT_EQ(in_words(*seen.workers[1].place), "on n3 (Slurm job 17_3)");
  ASSERT_TRUE(seen.workers[1].task);
  EXPECT_EQ(seen.workers[1].task->stage, "train");
  EXPECT_EQ(seen.workers[1].task->began, "T1");
  for (const SeenWorker& worker : seen.workers) {
    EXPECT_TRUE(may_be_there(worker));
    EXPECT_LT(worker.silence_s.value(), 30);
  }
}

TEST_F(SeenWorkersTest, OneThatLeftOrIsSilentForLongIsNotThere) {
  join("left");
  says("left", "line run/1 " + std::string(40000, 'x'));
  says("left", "left 3 there was nothing to do for 300 s");
  join("silent");
  is_silent_for("silent", 200);
  join("dead");
  is_silent_for("dead", 2000);
  const SeenWorkers seen = see_mailbox(folder_, logs_);
  ASSERT_EQ(seen.workers.size(), 3U);
  EXPECT_FALSE(may_be_there(seen.workers[0])) << "dead";
  EXPECT_EQ(seen.workers[1].left, "there was nothing to do for 300 s");
  EXPECT_FALSE(may_be_there(seen.workers[1]));
  EXPECT_NEAR(seen.workers[2].silence_s.value(), 200, 30);
  EXPECT_TRUE(may_be_there(seen.workers[2])) << "its node, or the way to it, may be slow";
}

// A clock that is ahead makes nobody silent.
TEST_F(SeenWorkersTest, WhoSendsThemAwayCountsTheirSilenceByTheTimeOfTheirFiles) {
  const auto hour = std::chrono::hours(1);
  join("told");
  tell("told", "stop");
  std::filesystem::last_write_time(folder_.heartbeat("told"), std::filesystem::file_time_type::clock::now() - hour);
  const auto their_now = std::filesystem::last_write_time(folder_.heartbeat("told")) + std::chrono::seconds(2);
  EXPECT_TRUE(is_dead(see_mailbox(folder_, logs_).workers.at(0)));
  const SeenWorkers seen = see_mailbox(folder_, logs_, their_now);
  EXPECT_NEAR(seen.workers.at(0).silence_s.value(), 2, 0.01);
  const Farewell farewell = send_away(seen, folder_, nullptr);
  EXPECT_EQ(farewell.told.size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(folder_.worker("told")));
}

TEST_F(SeenWorkersTest, TheTimeOfFilesIsThatOfOneThatIsWrittenNow) {
  join("a");
  const auto apart = [](auto one, auto other) { return std::abs(std::chrono::duration<double>(one - other).count()); };
  EXPECT_LT(apart(time_of_files(folder_), std::filesystem::last_write_time(folder_.heartbeat("a"))), 30);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.root), {}), 1) << "nothing is left behind";
  const MailboxFolder none{temporary_ / "none"};
  EXPECT_LT(apart(time_of_files(none), std::filesystem::file_time_type::clock::now()), 30);
  EXPECT_FALSE(std::filesystem::exists(none.root));
}

TEST_F(SeenWorkersTest, TheSchedulersListIsPutBesideThem) {
  submitted(5);
  join("w0", "all", 0);
  join("w1", "all", 1);
  join("w2", "all", 2);
  is_silent_for("w1", 200);
  is_silent_for("w2", 200);
  launcher_.listed = {listed(0, WorkerState::running), listed(2, WorkerState::ended, "TIMEOUT"), listed(4, WorkerState::pending, "Priority")};
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  ASSERT_EQ(seen.workers.size(), 4U);
  EXPECT_EQ(seen.workers[0].listed.value().state, WorkerState::running);
  EXPECT_TRUE(seen.workers[1].is_unknown);
  EXPECT_FALSE(may_be_there(seen.workers[1])) << "neither a heartbeat nor the scheduler knows of it";
  EXPECT_EQ(seen.workers[2].listed.value().reason, "TIMEOUT");
  EXPECT_FALSE(may_be_there(seen.workers[2]));
  EXPECT_EQ(seen.workers[3].name, "");
  EXPECT_EQ(seen.workers[3].listed.value().reason, "Priority");
  EXPECT_TRUE(may_be_there(seen.workers[3]));
}

TEST_F(SeenWorkersTest, WhetherASilentOneIsDeadDependsOnWhoElseSaysSo) {
  struct Case {
    int silent_s;
    const char* told;                             // "": nothing
    std::optional<WorkerState> state = {};        // as the scheduler lists it
    const char* reason = "";
    bool is_of_scheduler = true, is_there = false, is_dead = false;
  };
  const Case cases[] = {
      {.silent_s = 0, .told = "", .state = WorkerState::ended, .reason = "FAILED", .is_there = true},  // it may be about to say why
      {.silent_s = 20, .told = "", .state = WorkerState::ended, .reason = "FAILED", .is_dead = true},
      {.silent_s = 20, .told = "", .state = WorkerState::ended, .reason = "NODE_FAIL", .is_there = true},
      {.silent_s = 90, .told = "", .state = WorkerState::ended, .reason = "NODE_FAIL", .is_dead = true},
      {.silent_s = 9000, .told = "leave", .state = WorkerState::running, .is_there = true},
      {.silent_s = 30, .told = "", .is_there = true},
      {.silent_s = 90, .told = "", .is_dead = true},
      {.silent_s = 90, .told = "", .is_of_scheduler = false, .is_there = true},
      {.silent_s = 900, .told = "", .is_of_scheduler = false},
      {.silent_s = 4000, .told = "", .is_of_scheduler = false, .is_dead = true},
      {.silent_s = 30, .told = "leave", .is_of_scheduler = false, .is_there = true},
      {.silent_s = 90, .told = "leave", .is_of_scheduler = false, .is_dead = true},
      {.silent_s = 90, .told = "stop", .is_of_scheduler = false, .is_dead = true},
  };
  submitted(100);
  int index = 0;
  for (const Case& one : cases) {
    const std::string name = "w" + std::to_string(10 + index);
    join(name, one.is_of_scheduler ? "all" : "", index);
    is_silent_for(name, one.silent_s);
    tell(name, "line run/1 " + std::string(40000, 'x'));
    if (*one.told) tell(name, one.told);
    if (one.state) launcher_.listed.push_back(listed(index, *one.state, one.reason));
    ++index;
  }
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  ASSERT_EQ(seen.workers.size(), std::size(cases));
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    EXPECT_EQ(may_be_there(seen.workers[i]), cases[i].is_there) << i;
    EXPECT_EQ(is_dead(seen.workers[i]), cases[i].is_dead) << i;
  }
}

TEST_F(SeenWorkersTest, OfTwoThatWereStartedAsTheSameJobTheLivingOneIsInTheList) {
  submitted(1);
  join("a", "all", 0);
  join("b", "all", 0);
  is_silent_for("a", 90);
  launcher_.listed = {listed(0, WorkerState::running)};
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  ASSERT_EQ(seen.workers.size(), 2U);
  EXPECT_TRUE(is_dead(seen.workers[0]));
  EXPECT_TRUE(seen.workers[1].listed);
}

TEST_F(SeenWorkersTest, ASchedulerThatDoesNotAnswerHidesNobody) {
  submitted(1);
  join("w0", "all", 0);
  launcher_.is_silent = true;
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  EXPECT_EQ(seen.scheduler_problem, "no answer");
  ASSERT_EQ(seen.workers.size(), 1U);
  EXPECT_FALSE(seen.workers[0].is_unknown);
  EXPECT_TRUE(may_be_there(seen.workers[0]));
}

TEST_F(SeenWorkersTest, OfThisMachineThoseOfTheRunAreSeenThatLive) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  const auto starts = [&](const std::string& time, int process) { return "latentgrid " + time + " worker starts: process " + std::to_string(process) + " on " + host + "\n"; };
  logs("0", starts("2026-02", ::getpid()) + "latentgrid 2026-03 task begins: train 5f attempt 1\n");
  logs("1", starts("2025-12", ::getpid()));
  logs("2", starts("2026-02", 99999999));
  logs("lab-7-5", starts("2026-02", ::getpid()));
  const SeenWorkers seen = see_processes(logs_, "2026-01");
  ASSERT_EQ(seen.workers.size(), 1U);
  EXPECT_EQ(seen.workers[0].name, "0");
  EXPECT_EQ(seen.workers[0].node(), host);
  EXPECT_EQ(seen.workers[0].task.value().key, "5f");
}

TEST_F(SeenWorkersTest, TheyAreSentAwayOnce) {
  submitted(2);
  join("by_hand");
  join("w0", "all", 0);
  join("left");
  says("left", "left 0 it was asked to end");
  launcher_.listed = {listed(0, WorkerState::running), listed(1, WorkerState::pending)};
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  for (int i = 0; i < 2; ++i) {
    const Farewell farewell = send_away(seen, folder_, &launcher_);
    EXPECT_EQ(farewell.problem, "");
    ASSERT_EQ(farewell.told.size(), 1U);
    EXPECT_EQ(farewell.told[0].name, "by_hand");
    ASSERT_EQ(farewell.cancelled.size(), 2U);
    EXPECT_EQ(farewell.cancelled[0].name, "w0");
    EXPECT_EQ(farewell.cancelled[1].name, "");
  }
  EXPECT_EQ(told("by_hand"), Strings{"stop"});
  EXPECT_EQ(told("w0"), Strings{"stop"});
  EXPECT_EQ(told("left"), Strings{});
  EXPECT_EQ(launcher_.cancelled, (Strings{job_name(known_id(folder_).value_or(""), "all"), job_name(known_id(folder_).value_or(""), "all")}));
}

TEST_F(SeenWorkersTest, NobodyClaimsToHaveSentAwayTheDeadAndTheirFoldersGo) {
  submitted(4);
  for (int i = 0; i < 4; ++i) join("w" + std::to_string(i), "all", i);
  join("by_hand");
  is_silent_for("w1", 20);
  is_silent_for("w3", 90);
  is_silent_for("by_hand", 90);
  launcher_.listed = {listed(0, WorkerState::ended, "FAILED (killed by signal 9)"), listed(1, WorkerState::ended, "FAILED (killed by signal 9)")};
  SeenWorkers seen = see_mailbox(folder_, logs_);
  ask_scheduler(seen, folder_, launcher_);
  const Farewell farewell = send_away(seen, folder_, &launcher_);
  EXPECT_TRUE(farewell.cancelled.empty());
  ASSERT_EQ(farewell.gone.size(), 1U);
  EXPECT_EQ(farewell.gone[0].name, "w0");
  ASSERT_EQ(farewell.told.size(), 2U) << "it may be silent for a while, or the scheduler may have lost its state";
  EXPECT_EQ(farewell.told[0].name, "by_hand");
  EXPECT_EQ(farewell.told[1].name, "w2");
  for (const auto& [name, stays] : std::map<std::string, bool>{{"w0", true}, {"w1", false}, {"w2", true}, {"w3", false}, {"by_hand", true}}) {
    EXPECT_EQ(std::filesystem::exists(folder_.worker(name)), stays) << name;
  }
}

TEST_F(SeenWorkersTest, WithoutTheSchedulerTheMailboxTellsThem) {
  submitted(1);
  join("w0", "all", 0);
  launcher_.is_silent = true;
  const Farewell farewell = send_away(see_mailbox(folder_, logs_), folder_, &launcher_);
  EXPECT_EQ(farewell.problem, "no answer");
  EXPECT_TRUE(farewell.cancelled.empty());
  ASSERT_EQ(farewell.told.size(), 1U);
  EXPECT_EQ(told("w0"), Strings{"stop"});
}

TEST_F(SeenWorkersTest, WhatWasSubmittedStaysKnown) {
  EXPECT_TRUE(submitted_workers(folder_).empty());
  EXPECT_EQ(launcher_of(folder_, "slurm", {}, system_clock(), 1), nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder_.root / "id")) << "who only looks makes no file";
  Submissions(folder_).record("all", 0, 4);
  Submissions(folder_).record("train", 0, 1);
  Submissions(folder_).record("coordinator", 0, 1);
  Submissions(folder_).record("all", 4, 2);
  const std::vector<WorkerRange> ranges = submitted_workers(folder_);
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].name, Submissions(folder_).job_name("all"));
  EXPECT_EQ(ranges[0].end, 6);
  EXPECT_EQ(ranges[1].name, Submissions(folder_).job_name("train"));
  EXPECT_NE(launcher_of(folder_, "slurm", {}, system_clock(), 1), nullptr);
  EXPECT_EQ(launcher_of(folder_, "mailbox", {}, system_clock(), 1), nullptr);
  EXPECT_EQ(launcher_of(folder_, "launcher", {}, system_clock(), 1), nullptr);
  EXPECT_TRUE(lacks_commands(folder_, "launcher", {}));
  EXPECT_FALSE(lacks_commands(folder_, "slurm", {}));
  write_file(folder_.root / "id", "0000abcd 1");
  EXPECT_TRUE(submitted_workers(folder_).empty()) << "the folder is a copy, and those workers are not its own";
}

}  // namespace
}  // namespace latentgrid
