// recorded/ has what Slurm 22.05.8 printed on a cluster of tests/slurm/cluster: squeue by the options of SlurmLauncher,
// of the configuration a few lines. squeue_timeout.txt had the records of ended jobs purged by MinJobAge=5.
// squeue_24_11.txt is what Slurm 24.11.5 printed. The column Reason was 60 wide then, and was filled up with spaces since.
#include "launch/slurm_output.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"

namespace latentgrid {
namespace {

std::string recorded(const std::string& name) {
  return read_file(std::string(LATENTGRID_SOURCE_DIR "/tests/unit/launch/recorded/") + name);
}

std::string shown(WorkerState state) {
  constexpr const char* names[] = {"pending", "running", "ending", "ended"};
  return names[static_cast<int>(state)];
}

// "0 17_0 running n1 '' 1795951162"
std::vector<std::string> listing(const std::string& text, const std::string& name = "w") {
  const std::optional<std::vector<ListedWorker>> workers = parse_slurm_listing(text, {{name, 1}});
  if (!workers) return {"not whole"};
  std::vector<std::string> lines;
  for (const ListedWorker& w : *workers) {
    EXPECT_EQ(w.name, name);
    lines.push_back(std::to_string(w.index) + " " + w.id + " " + shown(w.state) + " " + w.node + " '" + w.reason +
                    "' " + std::to_string(w.since));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(SlurmOutput, OfOneThatRunsItIsKnownWhenItsTimeIsOver) {
  const auto workers = parse_slurm_listing(recorded("squeue_timeout.txt"), {{"w", 1}});
  ASSERT_TRUE(workers);
  for (const ListedWorker& worker : *workers) {
    EXPECT_EQ(worker.limit, worker.state == WorkerState::running ? worker.since + 60 : 0) << worker.id;
  }
}

TEST(SlurmOutput, WorkersThatWaitAndRun) {
  EXPECT_EQ(
      listing(recorded("squeue_running.txt")),
      (Lines{"0 17_0 running n1 '' 1795951162", "1 17_1 running n1 '' 1795951162", "2 17_2 running n2 '' 1795951162",
             "3 17_3 running n2 '' 1795951162", "4 17_4 running n3 '' 1795951162", "5 17_5 running n3 '' 1795951162",
             "6 17_6 pending  'Resources' 1795951161", "7 17_7 pending  'Resources' 1795951161",
             "8 17_8 pending  'Resources' 1795951161", "9 17_9 pending  'Resources' 1795951161"}));
}

TEST(SlurmOutput, WorkersThatEndedOrAreEnding) {
  EXPECT_EQ(listing(recorded("squeue_cancelled.txt")),
            (Lines{"0 7_0 ended n1 'COMPLETED' 1795951139", "1 7_1 ended n1 'FAILED (exit code 3)' 1795951139",
                   "2 7_2 ended n2 'FAILED (killed by signal 9)' 1795951139", "3 7_3 ending n2 '' 1795951139",
                   "4 7_4 ended n3 'CANCELLED' 1795951142", "5 7_5 ended n3 'CANCELLED' 1795951142",
                   "6 7_6 ended n2 'CANCELLED' 1795951142", "7 7_7 ended n1 'CANCELLED' 1795951142",
                   "8 15_8 ending n1 '' 1795951142", "9 15_9 ended  'CANCELLED' 1795951142"}));
}

TEST(SlurmOutput, WorkersOfANodeThatFailedAndWhoseTimeWasOver) {
  const Lines failed = listing(recorded("squeue_node_fail.txt"));
  ASSERT_EQ(failed.size(), 10u);
  EXPECT_EQ(failed[4], "4 17_4 ended n3 'NODE_FAIL' 1795951192");
  EXPECT_EQ(failed[9], "9 17_9 pending  'Resources' 1795951161") << "its StartTime is an estimate";
  const Lines late = listing(recorded("squeue_timeout.txt"));
  ASSERT_EQ(late.size(), 8u);
  EXPECT_EQ(late[0], "0 17_0 ended n1 'TIMEOUT' 1795951245");
  EXPECT_EQ(late[4], "6 17_6 running n2 '' 1795951250");
}

TEST(SlurmOutput, NewerSlurmWritesExitCodesInAnotherForm) {
  EXPECT_EQ(listing(recorded("squeue_24_11.txt")),
            (Lines{"0 1_0 ended n1 'COMPLETED' 1795953125", "1 1_1 ended n1 'FAILED (exit code 3)' 1795953125",
                   "2 1_2 ended n2 'FAILED (killed by signal 9)' 1795953125", "3 1_3 running n2 '' 1795953125",
                   "4 1_4 ended n3 'CANCELLED' 1795953125", "5 2_5 pending  'JobHeldUser' 1795953122",
                   "6 2_6 pending  'JobHeldUser' 1795953122"}));
  EXPECT_TRUE(parse_slurm_listing(recorded("squeue_24_11.txt"), {{"w", 1}})->at(5).stuck);
  const ListedWorker waiting = parse_slurm_listing(recorded("squeue_running.txt"), {{"w", 1}})->at(9);
  EXPECT_FALSE(waiting.stuck);
  EXPECT_EQ(why(waiting), "Resources: other jobs use the nodes");
  EXPECT_TRUE(waiting.remedy.starts_with("it starts when its turn comes")) << waiting.remedy;
}

TEST(SlurmOutput, TheNameHasTheOffsetOfALaterArray) {
  const Lines lines = listing(recorded("squeue_limited.txt"));
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[0], "11 1_0 running n1 '' 1795951639");
  EXPECT_EQ(lines[7], "18 1_7 pending  'JobArrayTaskLimit' 1795951636");
  EXPECT_EQ(slurm_job_name("w", 11), "w+11");
  EXPECT_EQ(slurm_job_name("w", 0), "w");
}

TEST(SlurmOutput, TasksCancelledBeforeTheyBeganHaveNoNumbersAnyMore) {
  EXPECT_EQ(listing(recorded("squeue_cancelled_array.txt")),
            (Lines{"11 1_0 ended n1 'CANCELLED' 1795951640", "12 1_1 ended n1 'CANCELLED' 1795951640"}));
}

TEST(SlurmOutput, JobsOfOtherNamesAreNotOurs) {
  EXPECT_EQ(listing(recorded("squeue_running.txt"), "w2"), Lines{});
  EXPECT_EQ(listing("", "w"), Lines{});
}

TEST(SlurmOutput, AListingThatIsCutOffAnywhereButBetweenLinesIsNoListing) {
  const std::string whole = recorded("squeue_cancelled.txt");
  const std::size_t line = whole.find('\n') + 1;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size % line == 0) continue;
    ASSERT_EQ(listing(whole.substr(0, size)), Lines{"not whole"}) << size;
  }
  for (const char* text :
       {"\n", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n", "17 0 w RUNNING\n"}) {
    EXPECT_EQ(listing(text), Lines{"not whole"}) << text;
    EXPECT_EQ(listing(whole + text), Lines{"not whole"}) << text;
  }
}

TEST(SlurmOutput, AStateThatIsNotKnownCountsAsRunning) {
  EXPECT_EQ(slurm_state("CONFIGURING"), WorkerState::pending);
  EXPECT_EQ(slurm_state("SUSPENDED"), WorkerState::running);
  EXPECT_EQ(slurm_state("COMPLETING"), WorkerState::ending);
  EXPECT_EQ(slurm_state("OUT_OF_MEMORY"), WorkerState::ended);
  EXPECT_EQ(slurm_state("OF_NEXT_YEAR"), WorkerState::running);
}

TEST(SlurmOutput, AnIdAloneOrAmongWhatAWrapperPrints) {
  EXPECT_EQ(parse_slurm_job_id("17\n"), "17");
  EXPECT_EQ(parse_slurm_job_id("17;north\n"), "17");
  EXPECT_EQ(parse_slurm_job_id("Welcome to the cluster!\nYou have used 3 % of 100 hours\n17"), "17");
  for (const char* text : {"", "\n", "Submitted batch job 17\n", "17\n18\n", "x17\n"})
    EXPECT_EQ(parse_slurm_job_id(text), std::nullopt);
}

TEST(SlurmOutput, TheLargestArray) {
  EXPECT_EQ(parse_slurm_max_array_size(recorded("scontrol_config.txt")), 11);
  for (const char* text : {"", "MaxArraySize", "MaxArraySize = ", "MaxArraySize = 1k", "XMaxArraySize = 4"}) {
    EXPECT_EQ(parse_slurm_max_array_size(text), std::nullopt) << text;
  }
}

TEST(SlurmOutput, ATimeInEveryFormThatSbatchTakes) {
  EXPECT_EQ(parse_slurm_time("90"), 5400);
  EXPECT_EQ(parse_slurm_time("1:30"), 90);
  EXPECT_EQ(parse_slurm_time("1:30:00"), 5400);
  EXPECT_EQ(parse_slurm_time("2-1"), 176400);
  EXPECT_EQ(parse_slurm_time("2-1:30"), 178200);
  EXPECT_EQ(parse_slurm_time("2-01:30:05"), 178205);
  for (const char* text : {"", "UNLIMITED", "-1", "1:2:3:4", "2h", "999999999"})
    EXPECT_EQ(parse_slurm_time(text), std::nullopt) << text;
}

TEST(SlurmOutput, TheLongestTimeOfPartitions) {
  const std::string text = "main* infinite\nshort 2:00\nlong 7-00:00:00\nday 1-00:00:00\n";
  EXPECT_EQ(parse_slurm_longest_time(text, "short"), 120);
  EXPECT_EQ(parse_slurm_longest_time(text, "short,day"), 86400);
  EXPECT_EQ(parse_slurm_longest_time(text, "short,main"), std::nullopt);
  EXPECT_EQ(parse_slurm_longest_time(text, ""), std::nullopt);
  EXPECT_EQ(parse_slurm_longest_time("short 2:00\nday* 1-00:00:00\n", ""), 86400);
  for (const char* none : {"", "nowhere", "mai", "shor"})
    EXPECT_EQ(parse_slurm_longest_time("main 3:00\nshort 2:00\n", none), std::nullopt);
}

CommandResult failed(int exit_code, const std::string& err) {
  CommandResult result;
  result.started = true;
  result.exit_code = exit_code;
  result.end = "exit code " + std::to_string(exit_code);
  result.err = err;
  return result;
}

TEST(SlurmOutput, AnErrorHasSlurmsOwnWordsAndAHint) {
  const SchedulerError partition = slurm_error(
      "submit workers", "sbatch",
      failed(
          1,
          "sbatch: error: invalid partition specified: nope\nallocation failure: Invalid partition name specified\n"));
  EXPECT_STREQ(partition.what(),
               "cannot submit workers: sbatch said: invalid partition specified: nope; allocation failure: "
               "Invalid partition name specified");
  EXPECT_EQ(partition.hint(), "`sinfo -s` lists the partitions of this cluster");
  EXPECT_FALSE(partition.temporary());
  const SchedulerError down =
      slurm_error("list the workers", "squeue",
                  failed(1, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"));
  EXPECT_STREQ(down.what(),
               "cannot list the workers: squeue said: slurm_load_jobs error: Unable to contact slurm controller "
               "(connect failure)");
  EXPECT_TRUE(down.temporary());
  EXPECT_TRUE(slurm_error("x", "squeue", failed(1, "slurm_load_jobs error: Socket timed out on send/recv operation"))
                  .temporary());
}

// What sbatch of Slurm 22.05 says, and a word of the hint.
TEST(SlurmOutput, EveryRefusalHasAHintOfItsOwn) {
  const std::pair<const char*, const char*> cases[] = {
      {"allocation failure: Invalid account or account/partition combination specified", "account"},
      {"sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
       "account"},
      {"sbatch: error: Batch job submission failed: Invalid qos specification", "account,qos"},
      {"allocation failure: More processors requested than permitted", "processors"},
      {"allocation failure: Requested node configuration is not available", "processors"},
      {"sbatch: error: Invalid generic resource (gres) specification", "%G"},
      {"allocation failure: Requested time limit is invalid (missing or exceeds some limit)", "%l"},
      {"sbatch: error: Invalid --time specification", "minutes"},
      {"sbatch: error: Invalid --mem specification", "4G"},
      {"sbatch: unrecognized option '--bogus'\nTry \"sbatch --help\" for more information", "extra"},
      {"sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size "
       "and/or time limits)",
       "fewer workers"},
      {"sbatch: error: Batch job submission failed: User's group not permitted to use this partition",
       "administrators"},
      {"sbatch: error: Batch job submission failed: Protocol authentication error", "munged"},
  };
  for (const auto& [words, hint] : cases) {
    const SchedulerError error = slurm_error("submit", "sbatch", failed(1, words));
    EXPECT_NE(error.hint().find(hint), std::string::npos) << words << ": " << error.hint();
    EXPECT_FALSE(error.temporary()) << words;
  }
}

TEST(SlurmOutput, WhatNoNodeHasIsNamed) {
  EXPECT_TRUE(is_about_nodes(slurm_error("start", "sbatch", failed(1, "allocation failure: Requested node configuration is not available"))));
  EXPECT_FALSE(is_about_nodes(slurm_error("start", "sbatch", failed(1, "sbatch: error: Invalid --mem specification"))));
  const std::string rest = ": ask for less; `sinfo -o '%P %c %m %G'` shows";
  EXPECT_EQ(ask_for_less({.partition = "urgent", .account = "lab", .gres = "gpu:2", .cpus = 2, .memory = "1G", .extra = {"--exclusive", "--constraint=a100"}}).find(
                "no node that is up has all of partition=urgent cpus=2 memory=1G (Slurm's 1G is 1024 MiB) gres=gpu:2 extra=--exclusive --constraint=a100" + rest),
            0U);
  EXPECT_EQ(ask_for_less({.memory = "900M"}).find("no node that is up has memory=900M" + rest), 0U);
  EXPECT_EQ(ask_for_less({.memory = "2tb"}).find("no node that is up has memory=2tb (Slurm's 2tb is 2097152 MiB)" + rest), 0U);
  EXPECT_EQ(ask_for_less({}).find("no node that is up has so much" + rest), 0U);
}

TEST(SlurmOutput, NoAnswerAndOneThatCanNotBeReadAreErrors) {
  CommandResult missing;
  missing.end = "No such file or directory";
  EXPECT_STREQ(slurm_error("submit", "sbatch", missing).what(),
               "cannot submit: sbatch can't be started: No such file or directory");
  CommandResult late = failed(-1, "sbatch: Slurm temporarily unable to accept job, sleeping and retrying\n");
  late.timed_out = true;
  late.end = "no answer within 60 s";
  const SchedulerError hung = slurm_error("submit", "sbatch", late);
  EXPECT_STREQ(hung.what(),
               "cannot submit: sbatch gave no answer within 60 s; sbatch said: Slurm temporarily unable to accept "
               "job, sleeping and retrying");
  EXPECT_TRUE(hung.temporary());
  CommandResult empty = failed(0, "");
  EXPECT_STREQ(slurm_error("submit", "sbatch", empty).what(),
               "cannot submit: the answer of sbatch can't be read: it is empty");
  EXPECT_STREQ(slurm_error("submit", "sbatch", failed(5, "")).what(), "cannot submit: sbatch said: exit code 5");
}

}  // namespace
}  // namespace latentgrid
