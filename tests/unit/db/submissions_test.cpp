#include <gtest/gtest.h>

#include "db/details.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Submitted : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  JobRecord job = sample_job("AE1", "pca", 32, 0), other = sample_job("raw", "none", 3072, 0);
  void SetUp() override { register_sweep(db, sample_sweep("one"), {job, other}); }

  SubmissionRow row(const std::string& date, std::optional<double> shown, std::optional<double> hidden) const {
    return {.job = job.id,
            .file = "submission_" + job.id + ".csv",
            .submitted_at = date,
            .description = "job " + job.id,
            .public_score = shown,
            .private_score = hidden,
            .imported_at = "2026-11-25T00:00:00.000Z"};
  }
  std::vector<std::int64_t> import(const std::vector<SubmissionRow>& rows) {
    SubmissionCounts counts = import_submissions(db, rows);
    return {counts.imported, counts.updated, counts.known};
  }
  std::vector<Cell> leaderboard(const JobRecord& of) {
    return selected(db, "SELECT leaderboard_public, leaderboard_private FROM results WHERE job = '" + of.id + "'")
        .rows.at(0);
  }
};

using Counts = std::vector<std::int64_t>;

TEST_F(Submitted, TheBestOnPublicStandsBesideTheJob) {
  EXPECT_EQ(import({row("1", 0.7, 0.72), row("2", 0.75, 0.6), row("3", std::nullopt, 0.9)}), (Counts{3, 0, 0}));
  EXPECT_EQ(leaderboard(job), (std::vector<Cell>{0.75, 0.6}));
  EXPECT_EQ(leaderboard(other), (std::vector<Cell>{std::monostate{}, std::monostate{}}));
  EXPECT_EQ(load_results(db, "one").at(0)["leaderboard_public"], 0.75);
}

TEST_F(Submitted, OfEquallyGoodOnesTheFirstCounts) {
  import({row("2", 0.75, 0.6), row("1", 0.75, 0.5)});
  EXPECT_EQ(leaderboard(job), (std::vector<Cell>{0.75, 0.5}));
}

TEST_F(Submitted, ImportingTwiceChangesNothing) {
  import({row("1", 0.7, std::nullopt)});
  SubmissionRow later = row("1", 0.7, std::nullopt);
  later.imported_at = "2027-01-01T00:00:00.000Z";
  EXPECT_EQ(import({later, later}), (Counts{0, 0, 2}));
  EXPECT_EQ(submissions(db, job.id).at(0).imported_at, "2026-11-25T00:00:00.000Z");
}

TEST_F(Submitted, AScoreThatComesLaterIsAddedAndNoneIsForgotten) {
  import({row("1", 0.7, std::nullopt)});
  EXPECT_EQ(import({row("1", 0.7, 0.71)}), (Counts{0, 1, 0}));
  EXPECT_EQ(leaderboard(job), (std::vector<Cell>{0.7, 0.71}));
  EXPECT_EQ(import({row("1", std::nullopt, std::nullopt)}), (Counts{0, 0, 1}));
  EXPECT_EQ(leaderboard(job), (std::vector<Cell>{0.7, 0.71}));
}

TEST_F(Submitted, AJobListsItsSubmissionsTheLatestFirst) {
  SubmissionRow first = row("2026-11-21 10:00:00", 0.7, 0.72), second = row("2026-11-22 10:00:00", 0.6, std::nullopt);
  import({first, second});
  const std::vector<SubmissionRow> listed = job_detail(db, job.id)->submissions;
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].submitted_at, second.submitted_at);
  EXPECT_EQ(listed[0].private_score, std::nullopt);
  EXPECT_EQ(listed[1].file, first.file);
  EXPECT_EQ(listed[1].description, first.description);
  EXPECT_EQ(listed[1].public_score, 0.7);
  EXPECT_EQ(listed[1].private_score, 0.72);
  EXPECT_TRUE(submissions(db, other.id).empty());
}

TEST_F(Submitted, OfAnUnknownJobNothingAtAllIsImported) {
  SubmissionRow unknown = row("2", 0.7, 0.7);
  unknown.job = "ffffffffffff";
  EXPECT_EQ(error_of([&] {
              import({row("1", 0.7, 0.7), unknown});
            }),
            "no sweep of this database has the job 'ffffffffffff'");
  EXPECT_TRUE(submissions(db, job.id).empty());
}

TEST_F(Submitted, AJobKnowsTheLatestRevisionThatHasIt) {
  EXPECT_EQ(latest_revision_with(db, job.id)->file, "experiments/one.yaml");
  register_sweep(db, sample_sweep("two"), {job});
  EXPECT_EQ(latest_revision_with(db, job.id)->file, "experiments/two.yaml");
  EXPECT_EQ(latest_revision_with(db, other.id)->file, "experiments/one.yaml");
  EXPECT_FALSE(latest_revision_with(db, "ffffffffffff"));
}

}  // namespace
}  // namespace latentgrid
