// SlurmLauncher with commands that do what real ones do seldom. What it does with a cluster is tested in tests/slurm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/file_system.hpp"
#include "launch/slurm_launcher.hpp"
#include "support/fake_clock.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using ::testing::HasSubstr;

class SlurmCommandsTest : public ::testing::Test {
 protected:
  SlurmCommandsTest() : path_(std::getenv("PATH")) {
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
    has("scontrol", "echo 'MaxArraySize            = 11'");
    request_.name = "w";
    request_.argv = {"/bin/true", "{index}"};
    request_.log = folder_ / "50% {index}.log";
  }
  ~SlurmCommandsTest() override { ::setenv("PATH", path_.c_str(), 1); }

  void has(const std::string& program, const std::string& script) {
    write_file(folder_ / program, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(folder_ / program, std::filesystem::perms::owner_all);
  }
  template <typename Does>
  static std::string error_of(const Does& does, bool temporary) {
    try {
      does();
    } catch (const SchedulerError& error) {
      EXPECT_EQ(error.temporary(), temporary) << error.what();
      return text_with_hint(error);
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  testing::TemporaryFolder folder_;
  std::string path_;
  WorkerRequest request_;
  SlurmLauncher launcher_{system_clock(), 20};
};

TEST_F(SlurmCommandsTest, SbatchIsToldWhatWasAskedFor) {
  has("sbatch", "printf '%s\\n' \"$@\" > '" + (folder_ / "arguments").string() + "'; cat > '" +
                    (folder_ / "script").string() + "'; echo 17");
  request_.resources = {"main", "physics", "high", "gpu:1", 4, "16G", "2:00:00", {"--constraint=avx2", "--nice=10"}};
  request_.first = 3;
  request_.count = 5;
  const std::vector<Submitted> submitted = launcher_.submit(request_).wait();
  ASSERT_EQ(submitted.size(), 1u);
  EXPECT_EQ(submitted[0].id, "17");
  EXPECT_EQ(submitted[0].first, 3);
  EXPECT_EQ(submitted[0].count, 5);
  const std::string log = (folder_ / "50%% %a.log").string();
  EXPECT_EQ(read_file(folder_ / "arguments"),
            "--parsable\n--partition=main\n--account=physics\n--qos=high\n--gres=gpu:1\n--cpus-per-task=4\n--mem=16G\n-"
            "-time=2:00:00\n"
            "--constraint=avx2\n--nice=10\n--job-name=w\n--array=3-7\n--nodes=1\n--ntasks=1\n--output=" +
                log + "\n--error=" + log + "\n--open-mode=append\n--no-requeue\n--signal=B:TERM@120\n");
  EXPECT_EQ(read_file(folder_ / "script"),
            "#!/bin/sh\nindex=$((SLURM_ARRAY_TASK_ID + 0))\nexec '/bin/true' ''\"$index\"''\n");
}

TEST_F(SlurmCommandsTest, WorkersBeyondTheLargestArrayAreArraysOfTheirOwn) {
  has("sbatch", "for a; do case $a in --array*|--job-name*|--output*) echo \"$a\" >> '" +
                    (folder_ / "arguments").string() + "';; esac; done; grep index= >> '" +
                    (folder_ / "arguments").string() + "'; echo 17");
  request_.first = 5;
  request_.count = 20;
  const std::vector<Submitted> submitted = launcher_.submit(request_).wait();
  ASSERT_EQ(submitted.size(), 3u);
  EXPECT_EQ(submitted[1].first, 11);
  EXPECT_EQ(submitted[1].count, 11);
  EXPECT_EQ(submitted[2].first, 22);
  EXPECT_EQ(submitted[2].count, 3);
  const std::string log = (folder_ / "50%% ").string();
  EXPECT_EQ(read_file(folder_ / "arguments"),
            "--job-name=w\n--array=5-10\n--output=" + log + "%a.log\nindex=$((SLURM_ARRAY_TASK_ID + 0))\n" +
                "--job-name=w+11\n--array=0-10\n--output=" + log +
                "11+%a.log\nindex=$((SLURM_ARRAY_TASK_ID + 11))\n" + "--job-name=w+22\n--array=0-2\n--output=" + log +
                "22+%a.log\nindex=$((SLURM_ARRAY_TASK_ID + 22))\n");
  EXPECT_EQ(launcher_.log_of(request_, 24), folder_ / "50% 22+2.log");
  EXPECT_EQ(launcher_.log_of(request_, 10), folder_ / "50% 10.log");
}

TEST_F(SlurmCommandsTest, ASecondArrayThatFailsIsToldFromTheFirst) {
  has("sbatch",
      "case \"$*\" in *w+11*) echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy' "
      ">&2; exit 1;; esac; echo 17");
  request_.count = 30;
  EXPECT_EQ(error_of([&] { launcher_.submit(request_).wait(); }, false),
            "cannot submit workers from 11 (those below 11 are submitted): sbatch said: Batch job submission failed: "
            "Job violates "
            "accounting/QOS policy\n  hint: ask for fewer workers or less time, or wait until other jobs of yours have "
            "ended");
}

TEST_F(SlurmCommandsTest, SbatchThatHangsWarnsOrPrintsNothing) {
  testing::FakeClock clock;
  SlurmLauncher launcher(clock, 60);
  const std::filesystem::path said = folder_ / "said";
  has("sbatch", "echo 'sbatch: warning: the cluster is full' >&2; : > '" + said.string() + "'; exec sleep 600");
  Answer<std::vector<Submitted>> answer = launcher.submit(request_);
  while (!std::filesystem::exists(said)) EXPECT_FALSE(answer.poll());
  clock.advance(61);
  EXPECT_TRUE(answer.poll());
  EXPECT_EQ(
      error_of([&] { answer.get(); }, true),
      "cannot submit workers from 0: sbatch gave no answer within 60 s; sbatch said: warning: the cluster is full\n"
      "  hint: `scontrol ping` tells whether Slurm's controller is up");
  has("sbatch", "echo 'sbatch: warning: the cluster is full' >&2; echo; echo 'Account: physics'; echo '17;north'");
  EXPECT_EQ(launcher_.submit(request_).wait().at(0).id, "17");
  has("sbatch", "exit 0");
  EXPECT_THAT(error_of([&] { launcher_.submit(request_).wait(); }, true),
              HasSubstr("the answer of sbatch can't be read: it is empty"));
}

TEST_F(SlurmCommandsTest, SqueueThatFailsOrIsTornIsNoEmptyList) {
  has("squeue", "exit 0");
  EXPECT_TRUE(launcher_.list({{"w", 5}}).wait().empty());
  has("squeue", "echo 'slurm_load_jobs error: Socket timed out on send/recv operation' >&2; exit 1");
  EXPECT_THAT(error_of(
                  [&] {
                    launcher_.list({{"w", 5}}).wait();
                  },
                  true),
              HasSubstr("squeue said: slurm_load_jobs error: Socket timed out"));
  has("squeue", "head -c 1000 " LATENTGRID_SOURCE_DIR "/tests/unit/launch/recorded/squeue_running.txt");
  EXPECT_THAT(error_of([&] { launcher_.list({{"w", 5}}).wait(); }, true), HasSubstr("can't be read"));
}

TEST_F(SlurmCommandsTest, OneSqueueListsAllNames) {
  has("squeue", "echo \"$SLURM_TIME_FORMAT $*\" > '" + (folder_ / "arguments").string() +
                    "'; cat " LATENTGRID_SOURCE_DIR "/tests/unit/launch/recorded/squeue_limited.txt");
  EXPECT_EQ(launcher_.list({{"v", 5}, {"w", 23}}).wait().size(), 8u);
  EXPECT_THAT(read_file(folder_ / "arguments"), ::testing::StartsWith("%s -h -a -r -t all -u "));
  EXPECT_THAT(read_file(folder_ / "arguments"), HasSubstr(" -n v,w,w+11,w+22 -O ArrayJobID:12,"));
  has("squeue", "exit 1");
  EXPECT_TRUE(launcher_.list({}).wait().empty()) << "nothing to ask for";
}

TEST_F(SlurmCommandsTest, EachNameIsCancelledAndWhatEndsMeanwhileIsNoFailure) {
  has("scancel", "echo \"$*\" >> '" + (folder_ / "arguments").string() +
                     "'; echo 'scancel: error: Kill job error on job id 1_0: Invalid job id specified' >&2; exit 1");
  launcher_.cancel(WorkerRange{"w", 12}).wait();
  const std::string user = "--user=" + std::to_string(::getuid());
  EXPECT_EQ(read_file(folder_ / "arguments"), user + " --name=w\n" + user + " --name=w+11\n");
  has("scancel",
      "echo 'scancel: error: slurm_kill_job2: Unable to contact slurm controller (connect failure)' >&2; exit 1");
  EXPECT_THAT(error_of(
                  [&] {
                    launcher_.cancel(WorkerRange{"w", 12}).wait();
                  },
                  true),
              HasSubstr("cannot cancel workers: scancel said: slurm_kill_job2"));
}

TEST_F(SlurmCommandsTest, ExtraArgumentsThatWouldBreakASubmissionAreRefused) {
  has("sbatch", "echo 17");
  for (const char* argument : {"--wait", "-W", "--wrap=true", "--wra=true", "--clusters=north", "--clust=north", "-Mnorth", "--"}) {
    request_.resources.extra = {argument};
    EXPECT_THAT(error_of([&] { launcher_.submit(request_); }, false),
                HasSubstr("can't be an extra argument of sbatch here"))
        << argument;
  }
  request_.resources.extra = {"--constraint=avx2", "avx512"};
  EXPECT_THAT(error_of([&] { launcher_.check(request_); }, false),
              HasSubstr("'avx512' of sbatch is neither an option"));
  request_.resources.extra = {"--constraint=avx2", "-x", "n1"};
  launcher_.check(request_);
}

TEST_F(SlurmCommandsTest, WithoutSlurmACheckSaysSo) {
  ::setenv("PATH", "/nonexistent", 1);
  EXPECT_EQ(error_of([&] { launcher_.check(request_); }, false),
            "cannot ask Slurm for its configuration: scontrol can't be started: No such file or directory\n"
            "  hint: Slurm's commands must be in PATH: run this on a machine that has them, such as the cluster's "
            "login node");
}

TEST_F(SlurmCommandsTest, AWrongPartitionIsAnsweredWithThoseThatThereAre) {
  has("sbatch", "echo 'allocation failure: Invalid partition name specified' >&2; exit 1");
  has("sinfo", "echo main; echo gpu");
  EXPECT_EQ(error_of([&] { launcher_.check(request_); }, false),
            "cannot start workers with Slurm: sbatch said: allocation failure: Invalid partition name specified\n"
            "  hint: this cluster has the partitions main gpu");
}

}  // namespace
}  // namespace latentgrid
