#include "pool/pipe.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class PipeTest : public ::testing::Test {
 protected:
  PipeTest() { ::signal(SIGPIPE, SIG_IGN); }

  Pipe shell(const std::string& script) { return Pipe({"/bin/sh", "-c", script}, folder_ / "log"); }
  // Until it has ended.
  static std::string all_of(Pipe& pipe) {
    std::string text;
    pollfd output{pipe.descriptor(), POLLIN, 0};
    while (::poll(&output, 1, 10000) > 0 && pipe.read(text)) {
    }
    return text;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PipeTest, LinesGoBothWaysAndTheRestToTheLog) {
  Pipe pipe = shell("read line; echo \"got $line\"; echo aside >&2; exit 3");
  std::string text;
  EXPECT_TRUE(pipe.read(text)) << "nothing yet is no end";
  EXPECT_EQ(text, "");
  pipe.write_line("one");
  EXPECT_EQ(all_of(pipe), "got one\n");
  const Transport::End end = pipe.end();
  EXPECT_EQ(end.kind, "exit");
  EXPECT_EQ(end.message, "exit code 3");
  EXPECT_EQ(read_file(folder_ / "log"), "aside\n");
}

TEST_F(PipeTest, AWriteToAChildThatIsGoneIsLostAndItsEndIsSeen) {
  Pipe pipe = shell("exit 0");
  EXPECT_EQ(all_of(pipe), "");
  pipe.write_line("one");
  EXPECT_EQ(pipe.end().message, "exit code 0");
}

TEST_F(PipeTest, ASignalIsNamedAndAKillThatIsNotOursIsKnown) {
  Pipe terminated = shell("kill -TERM $$");
  all_of(terminated);
  Transport::End end = terminated.end();
  EXPECT_EQ(end.kind, "signal");
  EXPECT_EQ(end.message, "killed by signal 15 (Terminated)");
  Pipe killed = shell("kill -KILL $$");
  all_of(killed);
  end = killed.end();
  EXPECT_EQ(end.message, "killed by signal 9 (Killed)");
  EXPECT_TRUE(end.killed_by_others);
  Pipe ours = shell("sleep 60");
  ours.kill();
  EXPECT_FALSE(ours.end().killed_by_others);
}

TEST_F(PipeTest, MemoryIsThatOfTheLivingChild) {
  Pipe pipe = shell("read line");
  EXPECT_GT(pipe.resident_kb(), 0);
  pipe.write_line("go");
  all_of(pipe);
  pipe.end();
  EXPECT_EQ(pipe.resident_kb(), 0);
}

TEST_F(PipeTest, AProgramThatIsNotThereIsAnError) {
  try {
    Pipe({"/no/such/worker"}, folder_ / "log");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "cannot start /no/such/worker: No such file or directory\n"
                 "  hint: build it, or set LATENTGRID_WORKER to the path of another one");
  }
}

}  // namespace
}  // namespace latentgrid
