#include "base/process_identity.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace latentgrid {
namespace {

// A process that waits, and is there until it is ended and its end was taken.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ == 0) {
      for (;;) ::pause();
    }
  }
  ~Child() { end(); }
  pid_t pid() const { return pid_; }
  void kill() { ::kill(pid_, SIGKILL); }
  void end() {
    kill();
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_;
};

ProcessIdentity with_pid(pid_t pid) {
  ProcessIdentity process = this_process();
  process.pid = pid;
  process.started = 0;
  return process;
}

TEST(ProcessIdentity, OfThisProcessIsAliveAndComesBackFromText) {
  const ProcessIdentity self = this_process();
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_FALSE(self.host.empty());
  EXPECT_FALSE(self.boot.empty());
  EXPECT_FALSE(self.numbering.empty());
  EXPECT_GT(self.started, 0u);
  const ProcessIdentity read = process_from_json(Json::parse(to_json(self).dump()));
  EXPECT_EQ(life_of(read, self), Life::alive);
  EXPECT_EQ(to_json(read), to_json(self));
}

TEST(ProcessIdentity, OneThatHasEndedIsDead) {
  Child child;
  const ProcessIdentity process = with_pid(child.pid());
  EXPECT_EQ(life_of(process, this_process()), Life::alive);
  child.end();
  EXPECT_EQ(life_of(process, this_process()), Life::dead);
}

TEST(ProcessIdentity, OneThatWasKilledIsDeadThoughNobodyTookItsEnd) {
  Child child;
  child.kill();
  siginfo_t info;
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(life_of(with_pid(child.pid()), this_process()), Life::dead);
}

TEST(ProcessIdentity, ItsNumberMayHaveBeenGivenToAnother) {
  ProcessIdentity former = this_process();
  former.started -= 1;
  EXPECT_EQ(life_of(former, this_process()), Life::dead);
}

TEST(ProcessIdentity, OfAnotherMachineContainerOrBootNothingIsKnown) {
  for (std::string ProcessIdentity::*part : {&ProcessIdentity::boot, &ProcessIdentity::numbering}) {
    ProcessIdentity other = this_process();
    other.*part = "another";
    EXPECT_EQ(life_of(other, this_process()), Life::unknown);
    other.*part = "";
    EXPECT_EQ(life_of(other, this_process()), Life::unknown);
  }
}

}  // namespace
}  // namespace latentgrid
