#include "launch/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/file_system.hpp"
#include "launch/answer.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

CommandOptions shell(const std::string& script) {
  CommandOptions options;
  options.argv = {"/bin/sh", "-c", script};
  options.timeout_s = 30;
  return options;
}

// Waits until `text` is in the file, ten seconds at most.
std::string wait_for_file(const std::filesystem::path& path) {
  for (int i = 0; i < 1000; ++i) {
    if (std::filesystem::exists(path)) {
      if (std::string text = read_file(path); text.ends_with('\n')) return text;
    }
    ::usleep(10'000);
  }
  return "";
}

bool is_gone(pid_t process) {
  for (int i = 0; i < 1000; ++i) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string number, name, state;
    if (!(file >> number >> name >> state) || state == "Z") return true;
    ::usleep(10'000);
  }
  return false;
}

TEST(Command, WhatItPrintedAndHowItEndedAreKept) {
  const CommandResult result = run_command(shell("echo out; echo err >&2; exit 3"));
  EXPECT_TRUE(result.started);
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.end, "exit code 3");
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  const CommandResult killed = run_command(shell("kill -TERM $$"));
  EXPECT_EQ(killed.exit_code, -1);
  EXPECT_EQ(killed.end, "killed by signal 15 (Terminated)");
  EXPECT_TRUE(run_command(shell("true")).ok());
}

TEST(Command, AProgramIsFoundInPathAndReadsItsInput) {
  CommandOptions options;
  options.argv = {"cat"};
  options.input = std::string(300'000, 'x') + "\n";  // more than a pipe takes at once
  const CommandResult result = run_command(options);
  EXPECT_TRUE(result.ok()) << result.end;
  EXPECT_EQ(result.out, options.input);
  options.input.clear();
  EXPECT_EQ(run_command(options).out, "") << "without input stdin is empty";
}

TEST(Command, AProgramThatIsNotThereIsAResult) {
  CommandOptions options;
  options.argv = {"no-such-program-of-latentgrid"};
  Command command(options, system_clock());
  EXPECT_TRUE(command.poll());
  EXPECT_FALSE(command.result().started);
  EXPECT_FALSE(command.result().ok());
  EXPECT_EQ(command.result().end, "No such file or directory");
  EXPECT_TRUE(command.descriptors().empty());
  options.argv = {"/etc/passwd"};
  EXPECT_EQ(run_command(options).end, "Permission denied");
}

TEST(Command, ManyBytesOnBothStreamsBlockNobody) {
  CommandOptions options = shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo end");
  options.output_limit = 8 << 20;
  const CommandResult all = run_command(options);
  EXPECT_TRUE(all.ok());
  EXPECT_EQ(all.out.size(), 3000004u);
  EXPECT_EQ(all.err.size(), 3000000u);
  options.output_limit = 1000;
  const CommandResult some = run_command(options);
  EXPECT_EQ(some.exit_code, 0);
  EXPECT_TRUE(some.truncated);
  EXPECT_FALSE(some.ok()) << "what is cut off must not be taken for all";
  EXPECT_EQ(some.out.size(), 1000u);
}

TEST(Command, PollReturnsThoughTheProgramNeverStopsWriting) {
  testing::FakeClock clock;
  Command command(shell("exec yes"), clock);
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(command.poll());
  clock.advance(31);
  EXPECT_TRUE(command.poll());
  EXPECT_LE(command.result().out.size(), std::size_t{1} << 20);
}

TEST(Command, OneThatHangsIsKilledWithAllThatItStarted) {
  testing::TemporaryFolder folder;
  testing::FakeClock clock;
  Command command(
      shell("echo begun; trap '' TERM; sleep 600 & echo $! > " + (folder / "child").string() + "; wait; sleep 600"),
      clock);
  const pid_t child = std::stoi(wait_for_file(folder / "child"));
  clock.advance(29);
  EXPECT_FALSE(command.poll());
  clock.advance(2);
  EXPECT_TRUE(command.poll());
  EXPECT_TRUE(command.result().timed_out);
  EXPECT_EQ(command.result().exit_code, -1);
  EXPECT_EQ(command.result().end, "no answer within 30 s");
  EXPECT_EQ(command.result().out, "begun\n");
  EXPECT_TRUE(is_gone(child));
}

TEST(Command, TheDestructorKills) {
  testing::TemporaryFolder folder;
  pid_t child = 0;
  {
    Command command(shell("echo $$ > " + (folder / "child").string() + "; exec sleep 600"), system_clock());
    child = std::stoi(wait_for_file(folder / "child"));
  }
  EXPECT_TRUE(is_gone(child));
}

TEST(Command, OneThatLeavesAProcessBehindHasEndedAllTheSame) {
  testing::TemporaryFolder folder;
  CommandOptions options = shell("sleep 600 & echo $! > " + (folder / "child").string() + "; echo done");
  const CommandResult result = run_command(options);
  EXPECT_TRUE(result.ok()) << result.end;
  EXPECT_EQ(result.out, "done\n");
  ::kill(std::stoi(wait_for_file(folder / "child")), SIGKILL);
}

TEST(Command, ADescriptorTellsThatThereIsNews) {
  Command command(shell("sleep 0.2; echo out"), system_clock());
  int waits = 0;
  while (!command.poll()) {
    std::vector<pollfd> files;
    for (int descriptor : command.descriptors()) files.push_back({descriptor, POLLIN, 0});
    ASSERT_FALSE(files.empty());
    ASSERT_GT(::poll(files.data(), files.size(), 10'000), 0);
    ASSERT_LT(++waits, 100) << "it is said again and again";
  }
  EXPECT_EQ(command.result().out, "out\n");
}

TEST(Command, VariablesOfTheSchedulerDoNotReachIt) {
  ::setenv("SLURM_JOB_ID", "1", 1);
  ::setenv("SBATCH_PARTITION", "gone", 1);
  ::setenv("SQUEUE_FORMAT", "%i", 1);
  ::setenv("SCANCEL_NAME", "all", 1);
  ::setenv("SLURM_CONF", "/etc/some.conf", 1);
  ::setenv("LATENTGRID_TEST_VALUE", "kept", 1);
  CommandOptions options;
  options.argv = {"env"};
  options.environment = {"SLURM_TIME_FORMAT=%s", "LATENTGRID_TEST_OTHER=new"};
  const std::string out = run_command(options).out;
  for (const char* name : {"SLURM_JOB_ID", "SBATCH_PARTITION", "SQUEUE_FORMAT", "SCANCEL_NAME"}) {
    EXPECT_THAT(out, Not(HasSubstr(name)));
    ::unsetenv(name);
  }
  for (const char* line : {"SLURM_CONF=/etc/some.conf\n", "LATENTGRID_TEST_VALUE=kept\n", "SLURM_TIME_FORMAT=%s\n",
                           "LATENTGRID_TEST_OTHER=new\n"}) {
    EXPECT_THAT(out, HasSubstr(line));
  }
  ::unsetenv("SLURM_CONF");
}

TEST(CommandSeries, StopsAtAFailureOrGoesOn) {
  const std::vector<CommandOptions> commands{shell("echo 1"), shell("exit 2"), shell("echo 3")};
  CommandSeries stops(commands, CommandSeries::AfterFailure::stop, system_clock());
  stops.wait();
  EXPECT_EQ(stops.results().size(), 2u);
  CommandSeries goes_on(commands, CommandSeries::AfterFailure::go_on, system_clock());
  goes_on.wait();
  ASSERT_EQ(goes_on.results().size(), 3u);
  EXPECT_EQ(goes_on.results()[1].exit_code, 2);
  EXPECT_EQ(goes_on.results()[2].out, "3\n");
  CommandSeries none({}, CommandSeries::AfterFailure::stop, system_clock());
  EXPECT_TRUE(none.poll());
}

}  // namespace
}  // namespace latentgrid
