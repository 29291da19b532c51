#include "base/holder_file.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "support/fake_clock.hpp"
#include "support/network_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::FakeClock;
using testing::NetworkFileSystem;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

class HolderFileTest : public ::testing::Test {
 protected:
  // As a process of another machine: nothing is known of it at once.
  HolderTerms of_machine(const std::string& host) {
    HolderTerms terms = here();
    terms.here.host = host;
    terms.here.boot = "boot of " + host;
    return terms;
  }
  // It beats never, but when a test says so.
  HolderTerms here() {
    HolderTerms terms;
    terms.run = "a run";
    terms.clock = &clock_;
    terms.sleep = [this](double seconds) {
      clock_.advance(seconds);
      slept_ += seconds;
      if (meanwhile_) meanwhile_();
    };
    return terms;
  }
  // What a holder has left that was killed.
  Holder leave_behind(const std::string& host) {
    Holder holder{of_machine(host).here, "a run", "some time", new_holder_id(), 3};
    write_file(file_, to_text(holder));
    return holder;
  }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) found.push_back(entry.path().filename());
    return found;
  }
  TemporaryFolder folder_{testing::folder_in_memory()};
  const fs::path file_ = folder_ / "holder";
  FakeClock clock_;
  double slept_ = 0;
  std::function<void()> meanwhile_;
};

TEST_F(HolderFileTest, ASecondOneIsToldWhoHoldsIt) {
  const HolderFile first(file_, here());
  try {
    const HolderFile second(file_, here());
    FAIL();
  } catch (const HeldByAnother& error) {
    EXPECT_EQ(error.holder().id, first.holder().id);
    EXPECT_EQ(error.file(), file_);
    EXPECT_EQ(in_words(error.holder()), "process " + std::to_string(::getpid()) + " on " + host_name() + " since 2026-01-02T03:04:05.678Z");
  }
  EXPECT_EQ(slept_, 0);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

TEST_F(HolderFileTest, WhoLetsGoIsFollowedAtOnceAlsoByAnotherMachine) {
  { const HolderFile first(file_, here()); }
  EXPECT_EQ(read_holder(file_)->beats, 0);
  const HolderFile second(file_, of_machine("node2"));
  EXPECT_EQ(read_holder(file_)->id, second.holder().id);
  EXPECT_EQ(slept_, 0);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

TEST_F(HolderFileTest, WhoWasKilledHereIsFollowedAtOnce) {
  const pid_t child = ::fork();
  if (child == 0) {
    HolderTerms terms;
    const HolderFile held(file_, terms);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(read_holder(file_)->process.pid, child);
  const HolderFile next(file_, here());
  EXPECT_EQ(slept_, 0);
}

TEST_F(HolderFileTest, WhoBeatsOnAnotherMachineIsAlive) {
  Holder other = leave_behind("node2");
  meanwhile_ = [&] {
    ++other.beats;
    write_file(file_, to_text(other));
  };
  std::string told;
  HolderTerms terms = here();
  terms.watching = [&](const Holder& holder) { told = holder.process.host; };
  EXPECT_THROW(HolderFile(file_, terms), HeldByAnother);
  EXPECT_EQ(told, "node2");
  EXPECT_LE(slept_, seconds_between_beats);
}

TEST_F(HolderFileTest, WhoIsSilentOnAnotherMachineIsFollowedAfterAMinute) {
  leave_behind("node2");
  const HolderFile next(file_, here());
  EXPECT_GE(slept_, seconds_without_a_beat);
  EXPECT_LT(slept_, seconds_without_a_beat + seconds_between_beats);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

// A watcher that was stopped, or a server that did not answer.
TEST_F(HolderFileTest, TimeInWhichNoBeatCouldBeSeenIsNoSilence) {
  Holder other = leave_behind("node2");
  int looks = 0;
  meanwhile_ = [&] {
    clock_.advance(1000);
    if (++looks < 5) return;
    ++other.beats;
    write_file(file_, to_text(other));
  };
  EXPECT_THROW(HolderFile(file_, here()), HeldByAnother);
  EXPECT_EQ(looks, 5);
}

TEST_F(HolderFileTest, AfterARestartOfThisMachineItsLocksDecide) {
  Holder before = leave_behind(host_name());
  HolderTerms terms = here();
  terms.locks_say_free = true;
  { const HolderFile next(file_, terms); }
  EXPECT_EQ(slept_, 0);
  leave_behind("node2");
  const HolderFile next(file_, terms);
  EXPECT_GE(slept_, seconds_without_a_beat) << "which may have got the folder from this machine over the network";
}

TEST_F(HolderFileTest, OfARecordThatAPowerLossHasTornTheHolderIsSilent) {
  write_file(file_, "000");
  const HolderFile next(file_, here());
  EXPECT_GE(slept_, seconds_without_a_beat);
  EXPECT_EQ(read_holder(file_)->id, next.holder().id);
}

// Two have found it dead. One is stopped before it links, while the other one takes it over, moves its record to FILE, and ends.
TEST_F(HolderFileTest, WhoComesLateDoesNotFollowWhomAnotherHasFollowed) {
  leave_behind("node2");
  std::unique_ptr<HolderFile> quick;
  class Late : public FileSystem {
   public:
    std::function<void()> before_link;
    int link(const fs::path& from, const fs::path& to) override {
      if (auto work = std::exchange(before_link, nullptr)) work();
      return FileSystem::link(from, to);
    }
  } files;
  files.before_link = [&] { quick = std::make_unique<HolderFile>(file_, here()); };
  HolderTerms terms = here();
  terms.files = &files;
  EXPECT_THROW(HolderFile(file_, terms), HeldByAnother);
  ASSERT_TRUE(quick);
  EXPECT_EQ(read_holder(file_)->id, quick->holder().id);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

// Another one has followed it meanwhile.
TEST_F(HolderFileTest, WhoIsStoppedBeforeItMovesItsRecordDoesNotHold) {
  leave_behind("node9");
  std::unique_ptr<HolderFile> follower;
  class Stopped : public FileSystem {
   public:
    std::function<void()> before_rename;
    int rename(const fs::path& from, const fs::path& to) override {
      if (auto work = std::exchange(before_rename, nullptr)) work();
      return FileSystem::rename(from, to);
    }
  } files;
  files.before_rename = [&] {
    follower = std::make_unique<HolderFile>(file_, here());
    meanwhile_ = [this, beating = follower->holder()]() mutable {
      ++beating.beats;
      write_file(file_, to_text(beating));
    };
  };
  HolderTerms terms = of_machine("node2");
  terms.files = &files;
  EXPECT_THROW(HolderFile(file_, terms), HeldByAnother);
  ASSERT_TRUE(follower);
  EXPECT_EQ(read_holder(file_)->id, follower->holder().id);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

// One that follows is killed before its record is moved to FILE.
TEST_F(HolderFileTest, AChainIsFollowedToItsEnd) {
  const Holder first = leave_behind("node2");
  Holder second{of_machine("node3").here, "", "some time", new_holder_id(), 1};
  write_file(file_.string() + ".after." + first.id, to_text(second));
  Holder third{this_process(), "", "some time", new_holder_id(), 1};
  write_file(file_.string() + ".after." + second.id, to_text(third));
  EXPECT_THROW(HolderFile(file_, here()), HeldByAnother);
  EXPECT_EQ(slept_, 0) << "only its end counts";
  third.process.started -= 1;
  write_file(file_.string() + ".after." + second.id, to_text(third));
  const HolderFile next(file_, here());
  EXPECT_EQ(read_holder(file_)->id, next.holder().id);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

TEST_F(HolderFileTest, AnAnswerThatGotLostIsNoOtherHolder) {
  NetworkFileSystem files(folder_.path());
  files.forgets_answers = true;
  HolderTerms terms = here();
  terms.files = &files;
  { const HolderFile first(file_, terms); }
  const HolderFile second(file_, terms);
  EXPECT_EQ(read_holder(file_)->id, second.holder().id);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

TEST_F(HolderFileTest, WithoutLinksARenameOntoAnAbsentNameDoes) {
  NetworkFileSystem files(folder_.path());
  files.has_links = false;
  HolderTerms terms = here();
  terms.files = &files;
  EXPECT_THROW(HolderFile(file_, terms), CannotHold);
  EXPECT_TRUE(names().empty());
  files.renames_onto_absent = true;
  { const HolderFile first(file_, terms); }
  const HolderFile second(file_, terms);
  EXPECT_THROW(HolderFile(file_, terms), HeldByAnother);
  EXPECT_EQ(names(), std::vector<std::string>{"holder"});
}

TEST_F(HolderFileTest, WhoWasTakenForDeadIsToldSo) {
  std::atomic<bool> lost = false;
  HolderTerms terms;
  terms.seconds_between_beats = 0.01;
  terms.lost = [&] { lost = true; };
  const HolderFile first(file_, terms);
  while (read_holder(file_).value_or(Holder{}).beats < 3) std::this_thread::yield();
  EXPECT_FALSE(lost);
  write_file_atomically(file_, to_text({of_machine("node2").here, "", "", "another", 1}));
  while (!lost) std::this_thread::yield();
  EXPECT_EQ(read_holder(file_)->id, "another");
}

// Many processes at once, each of another machine, after one that is dead. A counter that only the holder changes tells.
TEST_F(HolderFileTest, OfManyAtOnceOneHoldsIt) {
  constexpr int processes = 6, turns = 25;
  leave_behind("node99");
  write_file(folder_ / "count", "0");
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      HolderTerms terms = of_machine("node" + std::to_string(i));
      terms.clock = &system_clock();
      terms.sleep = nullptr;
      terms.sync = false;
      terms.seconds_between_beats = 0.02;
      terms.seconds_without_a_beat = 0.5;
      terms.lost = [] { ::_exit(3); };
      for (int turn = 0; turn < turns;) {
        try {
          const HolderFile held(file_, terms);
          const int count = std::stoi(read_file(folder_ / "count"));
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
          write_file_atomically(folder_ / "count", std::to_string(count + 1));
          ++turn;
        } catch (const HeldByAnother&) {
        } catch (const std::exception& error) {
          std::fprintf(stderr, "%s\n", error.what());
          ::_exit(2);
        }
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
  }
  EXPECT_EQ(read_file(folder_ / "count"), std::to_string(processes * turns));
}

}  // namespace
}  // namespace latentgrid
