#include "protocol/task_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file_system.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::protocol {
namespace {

Run task() {
  Run run;
  run.stage = "train";
  run.key = "5f0a";
  run.attempt = 2;
  return run;
}

TEST(TaskLog, SaysWhenTheWorkerAndItsTasksBeginAndEnd) {
  const testing::TemporaryFolder folder;
  const testing::FakeClock clock;
  const int file = ::open((folder / "w.log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0666);
  const TaskLog log(file, true, clock);
  log.starts("");
  log.starts("on n2 (Slurm job 4711_3)");
  log.begins(task());
  auto long_one = task();
  long_one.extents = {10, 20};
  log.begins(long_one);
  long_one.extents = {0};
  log.begins(long_one);
  log.ends(task(), Done{7});
  log.ends(task(), Failed{7, "diverged", "loss is NaN\n  hint: a smaller rate"});
  log.ends(task(), Failed{7, "interrupted", "stopped before its end"});
  ::close(file);
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  EXPECT_EQ(read_file(folder / "w.log"),
            fmt::format("latentgrid 2026-01-02T03:04:05.678Z worker starts: process {0} on {1}\n"
                        "latentgrid 2026-01-02T03:04:05.678Z worker starts: process {0} on {1}; on n2 (Slurm job 4711_3)\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task begins: train 5f0a attempt 2\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task begins: train 5f0a attempt 2, to 10, 20\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task begins: train 5f0a attempt 2\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task ends: train 5f0a attempt 2: done\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task ends: train 5f0a attempt 2: failed (diverged): loss is NaN   hint: a smaller rate\n"
                        "latentgrid 2026-01-02T03:04:05.678Z task ends: train 5f0a attempt 2: interrupted\n",
                        ::getpid(), host));
}

TEST(TaskLog, WhatIsWrittenIsUnderstood) {
  const auto placed = parse_mark("latentgrid T worker starts: process 77 on lab; on n2 (Slurm job 4711_3)");
  ASSERT_TRUE(placed);
  EXPECT_EQ(std::get<WorkerStarts>(placed->what).host, "lab");
  EXPECT_EQ(std::get<WorkerStarts>(placed->what).place, "on n2 (Slurm job 4711_3)");
  const auto starts = parse_mark("latentgrid T worker starts: process 77 on lab 1");
  ASSERT_TRUE(starts);
  EXPECT_EQ(std::get<WorkerStarts>(starts->what).process, 77);
  EXPECT_EQ(std::get<WorkerStarts>(starts->what).host, "lab 1");
  const auto begins = parse_mark("latentgrid T task begins: train 5f0a attempt 2");
  ASSERT_TRUE(begins);
  EXPECT_EQ(begins->time, "T");
  EXPECT_EQ(std::get<TaskBegins>(begins->what).stage, "train");
  EXPECT_EQ(std::get<TaskBegins>(begins->what).key, "5f0a");
  EXPECT_EQ(std::get<TaskBegins>(begins->what).attempt, 2);
  EXPECT_EQ(std::get<TaskBegins>(begins->what).extents, "") << "as older versions wrote it";
  const auto long_one = parse_mark("latentgrid T task begins: train 5f0a attempt 2, to 10, 20");
  ASSERT_TRUE(long_one);
  EXPECT_EQ(std::get<TaskBegins>(long_one->what).attempt, 2);
  EXPECT_EQ(std::get<TaskBegins>(long_one->what).extents, "10, 20");
  const auto ends = parse_mark("latentgrid T task ends: train 5f0a attempt 2: failed (input): a: b");
  ASSERT_TRUE(ends);
  EXPECT_EQ(std::get<TaskEnds>(ends->what).attempt, 2);
  EXPECT_EQ(std::get<TaskEnds>(ends->what).how, "failed (input): a: b");
}

TEST(TaskLog, WhatLibrariesPrintIsNoMark) {
  for (const char* line : {"", "latentgrid", "latentgrid-worker: bad_alloc", "latentgrid T", "latentgrid T task begins: train", "latentgrid T task begins: train 5f attempt x",
                           "latentgrid T worker starts: process x on lab", " latentgrid T task begins: train 5f attempt 1", "terminate called"}) {
    EXPECT_FALSE(parse_mark(line)) << line;
  }
}

}  // namespace
}  // namespace latentgrid::protocol
