// The coordinator's end of a worker's mailbox, the worker's end being written by hand.
#include "pool/mailbox.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "pool/worker_session.hpp"
#include "support/fake_clock.hpp"
#include "support/faulty_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using Strings = std::vector<std::string>;

class MailboxTest : public ::testing::Test {
 protected:
  MailboxTest() { std::filesystem::create_directories(folder_.worker("w")); }

  MailboxLink& link() {
    if (!link_) link_ = std::make_unique<MailboxLink>(folder_, "w", "run", clock_);
    return *link_;
  }
  void worker_says(const std::string& line) { protocol::LineWriter(folder_.from_worker("w")).append(line); }
  Strings told() { return protocol::LineReader(folder_.to_worker("w")).read(); }
  // Whether the connection is still open, and what came.
  std::pair<bool, std::string> read(Mailbox& mailbox) {
    clock_.advance(5);
    std::string bytes;
    const bool open = mailbox.read(bytes);
    return {open, bytes};
  }

  testing::TemporaryFolder temporary_{testing::folder_in_memory()};
  const MailboxFolder folder_{temporary_.path()};
  testing::FakeClock clock_;
  std::unique_ptr<MailboxLink> link_;
};

TEST_F(MailboxTest, AConnectionIsAskedForByName) {
  {
    Mailbox mailbox(link(), false);
    mailbox.write_line("{1}");
  }
  Mailbox mailbox(link(), true);
  EXPECT_EQ(told(), (Strings{"connect run/1 native", "line run/1 {1}", "drop run/1", "connect run/2 portable"}));
}

TEST_F(MailboxTest, WhatIsSaidToAnotherConnectionIsNotHeard) {
  Mailbox mailbox(link(), false);
  worker_says(R"(joined {"host": "n1", "cores": 4, "scheduler_id": "12_3"})");
  worker_says("line old/7 {0}");
  worker_says("line run/1 {1}");
  worker_says("ended old/7 exit exit code 3");
  worker_says("line run/1 {2}");
  EXPECT_EQ(read(mailbox), std::pair(true, std::string("{1}\n{2}\n")));
  ASSERT_TRUE(link().place());
  EXPECT_EQ(link().place()->host, "n1");
  EXPECT_EQ(link().place()->cores, 4);
  EXPECT_EQ(link().place()->scheduler_id, "12_3");
}

TEST_F(MailboxTest, AProcessThatEndedEndsItsConnectionAfterWhatItSaid) {
  Mailbox mailbox(link(), false);
  worker_says("line run/1 {1}");
  worker_says("ended run/1 killed killed by signal 9 (Killed)");
  EXPECT_EQ(read(mailbox), std::pair(false, std::string("{1}\n")));
  EXPECT_EQ(mailbox.end().kind, "signal");
  EXPECT_EQ(mailbox.end().message, "killed by signal 9 (Killed)");
  EXPECT_TRUE(mailbox.end().killed_by_others);
  EXPECT_FALSE(link().is_over()) << "another process can be asked for";
}

TEST_F(MailboxTest, OneThatLeftSaysWhatItHadRead) {
  Mailbox mailbox(link(), false);
  mailbox.write_line("{1}");
  worker_says("left 1 there was nothing to do for 300 s");
  EXPECT_FALSE(read(mailbox).first);
  EXPECT_TRUE(link().is_over());
  EXPECT_TRUE(mailbox.end().unread) << "the second line, the message, was not read";
  EXPECT_EQ(mailbox.end().message, "there was nothing to do for 300 s");
}

TEST_F(MailboxTest, OneThatHadReadAllDidSeeTheMessage) {
  Mailbox mailbox(link(), false);
  mailbox.write_line("{1}");
  worker_says("left 2 it was asked to end");
  EXPECT_FALSE(read(mailbox).first);
  EXPECT_FALSE(mailbox.end().unread);
}

TEST_F(MailboxTest, SilenceIsCountedSinceTheLastLineOrHeartbeat) {
  HeartbeatWriter heart(folder_.heartbeat("w"));
  Mailbox mailbox(link(), false);
  for (int i = 0; i < 9; ++i) read(mailbox);
  EXPECT_EQ(link().silence_s(), 45);
  heart.beat(2048);
  read(mailbox);
  EXPECT_EQ(link().silence_s(), 0);
  EXPECT_EQ(mailbox.resident_kb(), 2048);
  clock_.advance(30);
  worker_says("line run/1 {1}");
  read(mailbox);
  EXPECT_EQ(link().silence_s(), 0);
}

TEST_F(MailboxTest, FilesAreLookedAtLessAndLessOftenWhileNothingComes) {
  int looks = 0;
  MailboxLink counted(folder_, "w", "run", clock_, real_file_system(), [&](const auto& file, std::uint64_t offset) {
    ++looks;
    return protocol::LineReader::bytes_from(file, offset);
  });
  for (int i = 0; i < 6000; ++i) {  // a minute
    counted.look();
    clock_.advance(0.01);
  }
  EXPECT_LE(looks, 40);
  worker_says("line run/1 {1}");
  clock_.advance(2);
  counted.look();
  EXPECT_LE(counted.seconds_to_next_look(), 0.02 + 1e-9) << "more may come soon";
}

// On a file server every one of them costs.
TEST_F(MailboxTest, ATaskAndItsThreadsAreOneWrite) {
  testing::FaultyFileSystem files(temporary_.path());
  MailboxLink counted(folder_, "w", "run", clock_, files);
  Mailbox mailbox(counted, false);
  const int before = files.operations();
  mailbox.write_lines({"{1}", "{2}"});
  EXPECT_EQ(files.operations() - before, 3) << "an open, a write, a close";
  EXPECT_EQ(told(), (Strings{"connect run/1 native", "line run/1 {1}", "line run/1 {2}"}));
}

// A session does not know what it speaks over.
TEST_F(MailboxTest, ATaskThatALeavingWorkerHasNotSeenIsReturned) {
  WorkerSession session({"the-worker", {{"train", 2}}}, "w.log",
                        [&](bool portable) -> std::unique_ptr<Transport> {
                          if (link().is_over()) return nullptr;
                          return std::make_unique<Mailbox>(link(), portable);
                        },
                        clock_);
  session.open();
  worker_says("line run/1 " + protocol::encode(protocol::Hello{.stages = {{"train", 2}}}));
  std::vector<ExecutorEvent> events;
  clock_.advance(5);
  session.receive(events);
  ASSERT_TRUE(session.is_ready());
  protocol::Run run;
  run.task = 7;
  run.stage = "train";
  session.submit(run);
  EXPECT_EQ(told().size(), 2U);
  worker_says("left 1 there was nothing to do for 300 s");
  clock_.advance(5);
  session.receive(events);
  ASSERT_EQ(events.size(), 1U);
  ASSERT_TRUE(std::holds_alternative<TaskReturned>(events[0]));
  EXPECT_EQ(std::get<TaskReturned>(events[0]).task, 7);
  EXPECT_FALSE(session.has_task());
}

TEST_F(MailboxTest, ATaskThatItHasSeenIsLostWithIt) {
  WorkerSession session({"the-worker", {{"train", 2}}}, "w.log",
                        [&](bool portable) -> std::unique_ptr<Transport> {
                          if (link().is_over()) return nullptr;
                          return std::make_unique<Mailbox>(link(), portable);
                        },
                        clock_);
  session.open();
  worker_says("line run/1 " + protocol::encode(protocol::Hello{.stages = {{"train", 2}}}));
  std::vector<ExecutorEvent> events;
  clock_.advance(5);
  session.receive(events);
  protocol::Run run;
  run.task = 7;
  session.submit(run);
  link().give_up("no sign of life for 60 s");
  session.receive(events);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<WorkerLost>(events[0]).message, "the worker ended: no sign of life for 60 s; see w.log");
}

TEST_F(MailboxTest, OneThatSaidThatItIsLeavingIsInterruptedAndNoFailureOfItsTask) {
  Mailbox mailbox(link(), false);
  worker_says("leaving it was asked to end");
  EXPECT_TRUE(read(mailbox).first) << "its task stops first";
  EXPECT_TRUE(link().is_leaving());
  worker_says("left 1 it was asked to end");
  EXPECT_FALSE(read(mailbox).first);
  EXPECT_EQ(mailbox.end().kind, "interrupted");
  EXPECT_EQ(mailbox.end().message, "it was asked to end");
}

TEST_F(MailboxTest, OneThatIsKilledAfterItSaidThatItIsLeavingIsInterrupted) {
  Mailbox mailbox(link(), false);
  worker_says("leaving it was asked to end");
  read(mailbox);
  link().give_up("no sign of life for 60 s");
  EXPECT_FALSE(read(mailbox).first);
  EXPECT_EQ(mailbox.end().kind, "interrupted");
  EXPECT_EQ(mailbox.end().message, "it was asked to end");
}

TEST_F(MailboxTest, OneThatLeavesWithoutHavingBeenAskedHasEnded) {
  Mailbox mailbox(link(), false);
  worker_says("left 1 there was nothing to do for 300 s");
  read(mailbox);
  EXPECT_EQ(mailbox.end().kind, "exit");
  EXPECT_TRUE(link().has_left());
}

TEST_F(MailboxTest, OneThatIsGivenUpForSilenceIsToldToLeaveShouldItComeBack) {
  Mailbox mailbox(link(), false);
  link().give_up("no sign of life for 60 s");
  EXPECT_FALSE(read(mailbox).first);
  EXPECT_EQ(mailbox.end().kind, "silence");
  EXPECT_FALSE(link().has_left());
  EXPECT_EQ(told(), (Strings{"connect run/1 native", "leave"}));
}

TEST_F(MailboxTest, OneThatWasToldToLeaveIsToldNothingMore) {
  {
    Mailbox mailbox(link(), false);
    link().say_leave();
  }
  link().say_leave();
  EXPECT_EQ(told(), (Strings{"connect run/1 native", "leave"}));
}

TEST_F(MailboxTest, TheMemoryOfAProcessIsNotTakenForThatOfTheNext) {
  HeartbeatWriter heart(folder_.heartbeat("w"));
  {
    Mailbox hog(link(), false);
    heart.beat(300'000);
    worker_says("line run/1 {1}");
    read(hog);
    EXPECT_EQ(hog.resident_kb(), 300'000);
  }
  Mailbox innocent(link(), false);
  clock_.advance(0.1);
  std::string bytes;
  innocent.read(bytes);
  heart.beat(5'000);
  worker_says("line run/2 {1}");
  clock_.advance(0.1);
  innocent.read(bytes);
  EXPECT_EQ(bytes, "{1}\n");
  EXPECT_EQ(innocent.resident_kb(), 5'000);
}

TEST_F(MailboxTest, ALineThatIsMissingIsWaitedForAMinute) {
  Mailbox mailbox(link(), false);
  write_file(folder_.from_worker("w"), ".................\n2 14 line run/1 {2}\n");
  for (int seconds = 0; seconds < 60; seconds += 5) EXPECT_EQ(read(mailbox), std::pair(true, std::string())) << seconds;
  write_file(folder_.from_worker("w"), "1 14 line run/1 {1}\n2 14 line run/1 {2}\n");
  EXPECT_EQ(read(mailbox), std::pair(true, std::string("{1}\n{2}\n"))) << "a file server may be that slow";
}

TEST_F(MailboxTest, OneWhoseLinesAreMissingForLongerIsGivenUp) {
  Mailbox mailbox(link(), false);
  HeartbeatWriter heart(folder_.heartbeat("w"));
  write_file(folder_.from_worker("w"), "2 14 line run/1 {2}\n");
  for (int seconds = 0; seconds <= 70; seconds += 5) {
    heart.beat();  // it is alive
    read(mailbox);
  }
  EXPECT_TRUE(link().is_over());
  EXPECT_EQ(mailbox.end().message, "lines that it wrote are missing");
  EXPECT_EQ(told(), (Strings{"connect run/1 native", "leave"}));
}

TEST_F(MailboxTest, WhatItStillDoesForACoordinatorBeforeIsKnownUntilItIsFree) {
  Mailbox mailbox(link(), false);
  worker_says("busy old/1 train k0");
  read(mailbox);
  EXPECT_FALSE(link().in_hand()) << "said to somebody else";
  worker_says("busy run/1 train k1");
  read(mailbox);
  EXPECT_EQ(link().in_hand(), (WorkInHand{"train", "k1"}));
  worker_says("free run/1 ");
  read(mailbox);
  EXPECT_FALSE(link().in_hand());
}

TEST_F(MailboxTest, WhoFailsOrIsLostIsSaidWithItsLog) {
  WorkerSession session({"the-worker", {{"train", 2}}}, "w.log", [&](bool portable) { return std::make_unique<Mailbox>(link(), portable); }, clock_);
  session.open();
  worker_says(R"(joined {"host": "lab", "node": "n2", "scheduler": "Slurm", "scheduler_id": "4711_3"})");
  worker_says("line run/1 " + protocol::encode(protocol::Hello{.stages = {{"train", 2}}}));
  std::vector<ExecutorEvent> events;
  const auto receive = [&] {
    events.clear();
    clock_.advance(5);
    session.receive(events);
  };
  receive();
  protocol::Run run;
  run.task = 7;
  session.submit(run);
  worker_says("line run/1 " + protocol::encode(protocol::Failed{7, "diverged", "loss is NaN"}));
  receive();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<protocol::Failed>(events[0]).worker, "log of the worker on n2 (Slurm job 4711_3): w.log");
  session.submit(run);
  worker_says("ended run/1 signal killed by signal 9 (Killed)");
  receive();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(std::get<WorkerLost>(events[0]).message, "the worker on n2 (Slurm job 4711_3) ended: killed by signal 9 (Killed); see w.log");
}

}  // namespace
}  // namespace latentgrid
