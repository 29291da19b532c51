#include "cli/leaderboard_file.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::cli {
namespace {

using latentgrid::testing::error_of;

const std::vector<std::string> jobs = {"0a1b2c3d4e5f", "0a1b2cffffff", "9f8e7d6c5b4a"};

std::vector<std::string> begin_with(const std::string& prefix, std::int64_t limit) {
  std::vector<std::string> found;
  for (const std::string& job : jobs) {
    if (job.starts_with(prefix) && static_cast<std::int64_t>(found.size()) < limit) found.push_back(job);
  }
  return found;
}

LeaderboardFile read(const std::string& text) {
  return read_leaderboard(text, "scores.csv", begin_with);
}

// Lines and messages of what can't be used.
std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> said;
  for (const RowProblem& problem : read(text).problems) {
    said.push_back(std::to_string(problem.line) + ": " + problem.message);
  }
  return said;
}

const std::string kaggle = "fileName,date,description,status,publicScore,privateScore\n";

TEST(Leaderboard, ReadsWhatKaggleListsInAnyOrder) {
  LeaderboardFile file = read(
      "\xEF\xBB\xBFprivateScore,publicScore,status,description,date,fileName\r\n"
      "0.7,0.71,complete,\"latentgrid job 0a1b2c3d4e5f: AE1, \"\"best\"\"\nso far\",2026-11-21 10:00:00,a.csv\r\n"
      ",0.5,SubmissionStatus.COMPLETE,,2026-11-22 10:00:00,submission_9f8e7d6c5b4a_b.csv\r\n");
  ASSERT_EQ(file.submissions.size(), 2u);
  const SubmissionRow& first = file.submissions[0];
  EXPECT_EQ(first.job, "0a1b2c3d4e5f");
  EXPECT_EQ(first.file, "a.csv");
  EXPECT_EQ(first.submitted_at, "2026-11-21 10:00:00");
  EXPECT_EQ(first.description, "latentgrid job 0a1b2c3d4e5f: AE1, \"best\"\nso far");
  EXPECT_EQ(first.public_score, 0.71);
  EXPECT_EQ(first.private_score, 0.7);
  EXPECT_EQ(file.submissions[1].job, "9f8e7d6c5b4a");
  EXPECT_EQ(file.submissions[1].public_score, 0.5);
  EXPECT_EQ(file.submissions[1].private_score, std::nullopt);
  EXPECT_EQ(file.skipped, 0);
  EXPECT_TRUE(file.problems.empty());
}

TEST(Leaderboard, ReadsAListOfOnesOwnMaking) {
  LeaderboardFile file = read("job,public,private\n9f8e7d,0.8,0.79\n0a1b2c3d4e5f,8e-1,\n");
  ASSERT_EQ(file.submissions.size(), 2u);
  EXPECT_EQ(file.submissions[0].job, "9f8e7d6c5b4a");
  EXPECT_EQ(file.submissions[0].file, "");
  EXPECT_EQ(file.submissions[1].public_score, 0.8);
  EXPECT_EQ(read("Job,Public Score,private_score\n9f8e7d,0.8,0.79\n").submissions[0].private_score, 0.79);
}

TEST(Leaderboard, WhatHasNoScoreIsSkippedWhateverItNames) {
  LeaderboardFile file = read(kaggle +
                              "a.csv,d,nothing,pending,,\n"
                              "a.csv,d,nothing,error,0.1,0.1\n"
                              "a.csv,d,nothing,complete,None,\n"
                              "a.csv,d,9f8e7d6c5b4a,complete,0.5,None\n");
  EXPECT_EQ(file.skipped, 3);
  EXPECT_EQ(file.submissions.size(), 1u);
  EXPECT_TRUE(file.problems.empty());
}

TEST(Leaderboard, WhatAClientSaysBeforeTheListIsPassedOver) {
  LeaderboardFile file = read("Warning: an old client, please update\nUsing competition: hw4\n" + kaggle +
                              "a.csv,d,9f8e7d6c5b4a,complete,0.5,\n" + kaggle + "b.csv,d,9f8e7d6c5b4a,complete,0.6,\n");
  EXPECT_EQ(file.submissions.size(), 2u);
  EXPECT_TRUE(file.problems.empty());
}

TEST(Leaderboard, RowsThatCantBeUsedAreNamedAndTheOthersAreKept) {
  const std::string text = kaggle +
                           "a.csv,d1,\"two\nlines\",complete,0.5,\n"
                           "a.csv,d2,job 777777777777,complete,0.5,\n"
                           "a.csv,d3,0a1b2c,complete,0.5,\n"
                           "a.csv,d4,0a1b2c3d4e5f beats 9f8e7d6c5b4a,complete,0.5,\n"
                           "a.csv,d5,9f8e7d6c5b4a,complete,half,\n"
                           "a.csv,d6,9f8e7d6c5b4a,complete,inf,\n"
                           "a.csv,d7,9f8e7d6c5b4a,complete,0.5\n"
                           "a.csv,d8,9f8e7d6c5b4a,complete,0.5,\n";
  EXPECT_EQ(
      problems(text),
      (std::vector<std::string>{
          "2: the row names no job: neither the description nor the file's name holds a job's id, 12 hex digits",
          "4: no job begins with '777777777777'", "5: several jobs begin with '0a1b2c': write all 12 digits",
          "6: the row names several jobs: 0a1b2c3d4e5f, 9f8e7d6c5b4a", "7: the public score 'half' is not a number",
          "8: the public score 'inf' is not a number", "9: the row has 5 fields, but the header has 6"}));
  EXPECT_EQ(read(text).submissions.size(), 1u);
}

TEST(Leaderboard, AnIdIsAWordOfSixToTwelveHexDigits) {
  auto job_of = [](const std::string& description) {
    LeaderboardFile file = read(kaggle + "x.csv,d,\"" + description + "\",complete,0.5,\n");
    return file.submissions.empty() ? "" : file.submissions[0].job;
  };
  EXPECT_EQ(job_of("9F8E7D"), "9f8e7d6c5b4a");
  EXPECT_EQ(job_of("(9f8e7d6c5b4a)"), "9f8e7d6c5b4a");
  EXPECT_EQ(job_of("9f8e7"), "");
  EXPECT_EQ(job_of("x9f8e7d6c5b4a"), "");
  EXPECT_EQ(job_of("9f8e7d6c5b4a0"), "");
  EXPECT_EQ(job_of("facade of 9f8e7d, 20261121"), "9f8e7d6c5b4a") << "other words of hex digits begin no job";
  EXPECT_EQ(job_of("0a1b2c3 is the date, 9f8e7d6c5b4a the job"), "9f8e7d6c5b4a") << "a whole id counts more";
}

TEST(Leaderboard, OtherScoresOfTheSameFileAndDateAreAProblem) {
  const std::string header = "job,public,private\n";
  EXPECT_EQ(problems(header + "9f8e7d,0.8,\n9f8e7d6c,0.9,\n"),
            (std::vector<std::string>{"3: line 2 has other scores of job 9f8e7d6c5b4a for the same file and date"}));
  EXPECT_EQ(problems(header + "9f8e7d,0.8,\n9f8e7d6c,0.8,\n"), std::vector<std::string>{});
  EXPECT_EQ(problems(header + "decade of dance,0.8,\n"), (std::vector<std::string>{"2: no job begins with 'decade'"}));
  EXPECT_EQ(problems(header + "best,0.8,\n"),
            (std::vector<std::string>{"2: 'best' is not a job's id, which has 12 hex digits"}));
}

const std::string expected_columns =
    "scores.csv: this is not a list of submissions: its first line should name the columns fileName, date, "
    "description, status, "
    "publicScore, privateScore, as `kaggle competitions submissions --csv` prints them, or job, public, private; ";

TEST(Leaderboard, AnotherFileIsRefusedWithWhatWasExpected) {
  EXPECT_EQ(error_of([] { read(""); }), expected_columns + "the file is empty");
  EXPECT_EQ(error_of([] { read("id,label\n0,1\n"); }),
            expected_columns + "found: id, label\n  hint: this is what is uploaded; the scores come back in a list");
  EXPECT_EQ(
      error_of([] { read("fileName,date,publikScore\nx,y,0.5\n"); }),
      expected_columns + "found: fileName, date, publikScore\n  hint: 'publikScore' may be meant to be 'publicScore'");
  EXPECT_EQ(error_of([] { read("teamId,teamName,score\n1,us,0.5\n"); }),
            expected_columns + "found: teamId, teamName, score");
  EXPECT_THROW(read("id,label\n0,1\n"), UsageError);
}

TEST(Leaderboard, ABrokenQuoteIsNamedWithItsLine) {
  EXPECT_EQ(error_of([] { read(kaggle + "a.csv,d,\"9f8e7d6c5b4a,complete,0.5,\n"); }),
            "scores.csv:2: a quoted field begins here and never ends");
  EXPECT_THROW(read(kaggle + "\""), UsageError);
}

TEST(Leaderboard, ReadsWhatAGermanExcelAndPowerShellWrite) {
  for (const std::string& text : {std::string("job;public;private\n9f8e7d6c5b4a;0,8;\"0,79\"\n"),
                                  std::string("\"job\";\"public\";\"private\"\n\"9f8e7d6c5b4a\";\"0,8\";0.79\n"),
                                  std::string("job\tpublic\tprivate\n9f8e7d6c5b4a\t0,8\t0,79\n")}) {
    const LeaderboardFile file = read(text);
    ASSERT_EQ(file.submissions.size(), 1u) << text;
    EXPECT_EQ(file.submissions[0].public_score, 0.8);
    EXPECT_EQ(file.submissions[0].private_score, 0.79);
  }
  std::string utf16 = "\xFF\xFE";
  for (char c : std::string("job,public\r\n9f8e7d6c5b4a,0.8\r\n")) utf16 += std::string{c, '\0'};
  ASSERT_EQ(read(utf16).submissions.size(), 1u);
  EXPECT_EQ(read(utf16).submissions[0].public_score, 0.8);
  EXPECT_EQ(problems("job;public\n9f8e7d6c5b4a;1,000,5\n"),
            std::vector<std::string>{"2: the public score '1,000,5' is not a number"});
  EXPECT_EQ(problems("job,public\n9f8e7d6c5b4a,\"0,8\"\n"),
            std::vector<std::string>{"2: the public score '0,8' is not a number"});
}

}  // namespace
}  // namespace latentgrid::cli
