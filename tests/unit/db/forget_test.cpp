#include "db/forget.hpp"

#include <gtest/gtest.h>

#include "db/details.hpp"
#include "db/figure_tasks.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Forget : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  JobRecord shared = sample_job("AE1", "pca", 32, 0), own = sample_job("AE1", "pca", 64, 0), old = sample_job("raw", "pca", 32, 0);

  void SetUp() override {
    register_sweep(db, sample_sweep("gone"), {shared, old});
    SweepRecord again = sample_sweep("gone");
    again.text = "changed";
    const std::int64_t revision = register_sweep(db, again, {shared, own});
    register_sweep(db, sample_sweep("stays"), {shared});
    for (const JobRecord& job : {shared, own, old}) {
      record_results(db, sample_artifacts(job, {0.04, 0.75, 0.5, 1.0, 0.2, 0.1}), {}, {{job.id, JobState::complete, ""}});
    }
    set_figure_tasks(db, revision, {{"map", 0, "embedding", own.id, "reduce", {sha256_hex("m"), 2}}});
    import_submissions(db, {{.job = own.id, .file = "a.csv", .public_score = 0.5}});
  }
};

TEST_F(Forget, OnlyWhatNoOtherSweepHasIsForgotten) {
  const ForgottenSweep forgotten = forget_sweep(db, "gone");
  EXPECT_EQ(forgotten.revisions, 2);
  EXPECT_EQ(forgotten.jobs, 2);
  EXPECT_EQ(forgotten.shared_jobs, 1);
  EXPECT_EQ(forgotten.submissions, 1);
  EXPECT_EQ(sweep_names(db), std::vector<std::string>{"stays"});
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 1);
  EXPECT_EQ(number(db, "SELECT count(*) FROM submissions"), 0);
  EXPECT_EQ(number(db, "SELECT count(*) FROM pictures"), 0);
  EXPECT_EQ(number(db, "SELECT count(*) FROM tasks"), static_cast<std::int64_t>(shared.path.size()));
  EXPECT_EQ(number(db, "SELECT count(*) FROM artifacts"), static_cast<std::int64_t>(shared.path.size()));
  EXPECT_EQ(number(db, "SELECT count(*) FROM train_losses"), 3) << "of the shared training";
  EXPECT_EQ(load_results(db, "stays")[0]["accuracy"], 0.75);
}

TEST_F(Forget, WhatWouldBeForgottenCanBeAskedBefore) {
  EXPECT_EQ(sweep_alone(db, "gone").jobs, 2);
  EXPECT_EQ(sweep_alone(db, "gone").submissions, 1);
  EXPECT_EQ(sweep_alone(db, "stays").jobs, 0);
  EXPECT_EQ(sweep_alone(db, "unknown").revisions, 0);
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 3);
}

TEST_F(Forget, AForgottenSweepCanBeRecordedAgain) {
  forget_sweep(db, "gone");
  register_sweep(db, sample_sweep("gone"), {shared, old});
  EXPECT_EQ(latest_revision(db, "gone")->number, 1);
  EXPECT_EQ(load_results(db, "gone").size(), 2u);
  EXPECT_EQ(load_results(db, "gone")[1].state, "pending");
}

}  // namespace
}  // namespace latentgrid
