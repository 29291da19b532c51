#include "db/queries.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "db/details.hpp"
#include "db/list_jobs.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Queries : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  // In an order that is neither that of ids nor of scores.
  std::vector<JobRecord> jobs = {sample_job("AE2", "pca", 32, 0), sample_job("AE1", "tsne", 2, 0),
                                 sample_job("AE1", "pca", 32, 1), sample_job("raw", "pca", 32, 0)};
  void SetUp() override {
    register_sweep(db, sample_sweep("one"), jobs);
    record_results(db, sample_artifacts(jobs[0], {0.02, 0.7, 0.6, 0.7, 0.2, 0.1}), {},
              {{jobs[0].id, JobState::complete, "", "2026-11-21T10:10:00.000Z"}});
    record_results(db, sample_artifacts(jobs[1], {0.04, 0.8, 0.8, 0.8, 0.2, 0.1}), {},
              {{jobs[1].id, JobState::complete, "", "2026-11-21T10:20:00.000Z"}});
    record_results(db, {},
              {{"train", task_of(jobs[2], "train").artifact.key, "diverged", "loss is NaN at epoch 3",
                "2026-11-21T10:15:00Z", 1}},
              {{jobs[2].id, JobState::failed, "train: loss is NaN at epoch 3", "2026-11-21T10:15:00.000Z"}});
  }

  std::vector<std::string> ids(const ResultsQuery& query, std::int64_t expected_total = -1) {
    RowList rows;
    std::int64_t total = select_results(db, query, rows);
    if (expected_total >= 0) {
      EXPECT_EQ(total, expected_total);
    }
    std::vector<std::string> found;
    for (const auto& row : rows.rows) found.push_back(std::get<std::string>(row.at(0)));
    return found;
  }
};

TEST_F(Queries, SweepsComeWithCountsByState) {
  register_sweep(db, sample_sweep("none"), {});
  std::vector<SweepSummary> sweeps = list_sweeps(db);
  ASSERT_EQ(sweeps.size(), 2u);
  EXPECT_EQ(sweeps[0].name, "none");
  EXPECT_EQ(sweeps[0].jobs.total(), 0);
  EXPECT_EQ(sweeps[0].last_activity, "2026-11-21T10:00:00.000Z");
  EXPECT_EQ(sweeps[1].file, "experiments/one.yaml");
  EXPECT_EQ(sweeps[1].jobs.complete, 2);
  EXPECT_EQ(sweeps[1].jobs.failed, 1);
  EXPECT_EQ(sweeps[1].jobs.pending, 1);
  EXPECT_EQ(sweeps[1].last_activity, "2026-11-21T10:20:00.000Z");
}

TEST_F(Queries, RowsFollowTheFileUnlessSorted) {
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}}, 4),
            (std::vector<std::string>{jobs[0].id, jobs[1].id, jobs[2].id, jobs[3].id}));
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .sort = "accuracy", .descending = true}),
            (std::vector<std::string>{jobs[1].id, jobs[0].id, jobs[2].id, jobs[3].id}));
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .sort = "accuracy"}),
            (std::vector<std::string>{jobs[0].id, jobs[1].id, jobs[2].id, jobs[3].id}))
      << "NULL is last";
}

TEST_F(Queries, APageTellsHowManyThereAre) {
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .limit = 2}, 4),
            (std::vector<std::string>{jobs[0].id, jobs[1].id}));
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .limit = 2, .offset = 3}, 4),
            std::vector<std::string>{jobs[3].id});
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .limit = 2, .offset = 9}, 4), std::vector<std::string>{});
}

TEST_F(Queries, ConditionsAreOnColumnsAndAxes) {
  EXPECT_EQ(ids({.sweep = "one", .columns = {"job"}, .conditions = {parse_condition("architecture=AE1"), parse_condition("state=failed")}}, 1),
            std::vector<std::string>{jobs[2].id});
  jobs[0].axes.emplace_back("batch_size", 64);
  jobs[0].key = sha256_hex("another");
  jobs[0].id = jobs[0].key.substr(0, 12);
  register_sweep(db, sample_sweep("two"), {jobs[0], jobs[1]});
  EXPECT_EQ(ids({.sweep = "two", .columns = {"job"}, .conditions = {parse_condition("batch_size=64")}}, 1),
            std::vector<std::string>{jobs[0].id});
  EXPECT_EQ(ids({.sweep = "two", .columns = {"job"}, .conditions = {parse_condition("batch_size=6")}}, 0),
            std::vector<std::string>{});
}

TEST_F(Queries, UnknownNamesGetASuggestion) {
  std::string error = error_of([&] { ids({.sweep = "one", .columns = {"acuracy"}}); });
  EXPECT_EQ(error.substr(0, error.find(" There")),
            "no job of the sweep has a column or parameter 'acuracy'; did you mean 'accuracy'?");
  error = error_of([&] { ids({.sweep = "one", .conditions = {parse_condition("sede=1")}}); });
  EXPECT_EQ(error.substr(0, error.find(" There")),
            "no job of the sweep has a column or parameter 'sede'; did you mean 'seed'?");
  EXPECT_THROW(ids({.sweep = "one", .sort = "1; DROP TABLE jobs"}), UsageError);
}

TEST_F(Queries, ResultRowsCarryTheScoresAndTheReason) {
  std::vector<ResultRow> rows = load_results(db, "one");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[1].job, jobs[1].id);
  EXPECT_EQ(rows[1]["recon_mse"], 0.04);
  EXPECT_EQ(rows[1]["wall_s"], 6.0);
  EXPECT_EQ(rows[2].reason, "train: loss is NaN at epoch 3");
  EXPECT_EQ(rows[2]["accuracy"], std::nullopt);
  EXPECT_TRUE(load_results(db, "two").empty());
}

TEST_F(Queries, JobsAreFoundByTheirFirstDigits) {
  EXPECT_EQ(jobs_with_prefix(db, jobs[0].id.substr(0, 8), 5), std::vector<std::string>{jobs[0].id});
  EXPECT_EQ(jobs_with_prefix(db, "", 10).size(), 4u);
  EXPECT_EQ(jobs_with_prefix(db, "", 2).size(), 2u);
  EXPECT_TRUE(jobs_with_prefix(db, "xyz", 5).empty());
}

TEST_F(Queries, AJobsDetailHasThePathInOrderWithRecordsLossesAndFailures) {
  JobDetail done = job_detail(db, jobs[0].id).value();
  EXPECT_EQ(done.key, jobs[0].key);
  EXPECT_EQ(done.sweeps, std::vector<std::string>{"one"});
  EXPECT_EQ(done.row["accuracy_private"], 0.7);
  EXPECT_EQ(done.axes, (Axes{{"architecture", "AE2"}, {"reduction", "pca"}, {"seed", std::int64_t{0}}}));
  std::vector<std::string> stages;
  for (const PathStep& step : done.path) stages.push_back(step.stage);
  EXPECT_EQ(stages, (std::vector<std::string>{"load", "train", "encode", "reduce", "cluster", "labels", "score"}));
  EXPECT_EQ(done.path[1].losses, (std::vector<std::optional<double>>{0.5, 0.25, 0.125}));
  EXPECT_EQ(done.path[2].metrics, (std::vector<std::pair<std::string, Cell>>{{"recon_mse", 0.02}}));
  EXPECT_EQ(done.path[2].record["provenance"]["host"], "lab");
  JobDetail failed = job_detail(db, jobs[2].id).value();
  EXPECT_FALSE(failed.path[1].recorded);
  ASSERT_EQ(failed.failures.size(), 1u);
  EXPECT_EQ(failed.failures[0].message, "loss is NaN at epoch 3");
  EXPECT_EQ(job_detail(db, "000000000000"), std::nullopt);
}

TEST_F(Queries, AJobThatNoLatestRevisionHasCanStillBeShown) {
  register_sweep(db, sample_sweep("one"), {jobs[3]});
  JobDetail detail = job_detail(db, jobs[0].id).value();
  EXPECT_TRUE(detail.sweeps.empty());
  EXPECT_EQ(detail.row["accuracy"], 0.7);
}

TEST_F(Queries, ThePageOfALargeSweepNeedsNoSort) {
  RowList plan = selected(
      db,
      "EXPLAIN QUERY PLAN SELECT r.accuracy FROM sweeps s CROSS JOIN sweep_jobs o "
      "CROSS JOIN job_results r ON r.job = o.job WHERE s.name = 'one' AND o.revision = 1 ORDER BY o.position LIMIT 20");
  for (const auto& row : plan.rows) {
    const std::string& step = std::get<std::string>(row.at(3));
    EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step;
    EXPECT_EQ(step.find("SCAN"), std::string::npos) << step;
  }
}

}  // namespace
}  // namespace latentgrid
