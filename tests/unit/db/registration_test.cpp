#include <gtest/gtest.h>

#include "db/details.hpp"
#include "db/impl.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Registration : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 32, 1),
                                 sample_job("AE1", "tsne", 2, 0)};
};

TEST_F(Registration, TheSameSweepAgainIsTheSameRevision) {
  std::int64_t first = register_sweep(db, sample_sweep("one"), jobs);
  EXPECT_EQ(register_sweep(db, sample_sweep("one"), jobs), first);
  EXPECT_EQ(number(db, "SELECT count(*) FROM sweep_revisions"), 1);
  EXPECT_EQ(number(db, "SELECT count(*) FROM results"), 3);
}

TEST_F(Registration, TheSameSweepAgainWritesNoRowAndAsksForNoRecord) {
  register_sweep(db, sample_sweep("one"), jobs);
  const int before = db.impl().database.getTotalChanges();
  int asked = 0;
  JobList list(
      jobs.size(), [&](std::size_t i) -> const std::string& { return jobs[i].id; },
      [&](std::size_t i) -> const std::string& { return jobs[i].key; },
      [&](std::size_t i) {
        ++asked;
        return jobs[i];
      });
  register_sweep(db, sample_sweep("one"), list);
  EXPECT_EQ(db.impl().database.getTotalChanges(), before);
  EXPECT_EQ(asked, 0);
}

TEST_F(Registration, ANewerBuildOrDateAloneIsNoNewRevision) {
  std::int64_t first = register_sweep(db, sample_sweep("one"), jobs);
  SweepRecord later = sample_sweep("one");
  later.provenance["build"] = "0.2.0";
  later.created_at = "2027-01-01T00:00:00.000Z";
  EXPECT_EQ(register_sweep(db, later, jobs), first);
}

TEST_F(Registration, TextOptionsReportDatasetAndJobsEachMakeARevision) {
  SweepRecord sweep = sample_sweep("one");
  std::vector<std::int64_t> revisions = {register_sweep(db, sweep, jobs)};
  sweep.text += "# a comment\n";
  revisions.push_back(register_sweep(db, sweep, jobs));
  sweep.options["set"] = {"train.epochs=5"};
  revisions.push_back(register_sweep(db, sweep, jobs));
  sweep.report = {{"tables", Json::array()}};
  revisions.push_back(register_sweep(db, sweep, jobs));
  sweep.dataset["labelled"] = 500;
  revisions.push_back(register_sweep(db, sweep, jobs));
  jobs.pop_back();
  revisions.push_back(register_sweep(db, sweep, jobs));
  EXPECT_EQ(revisions, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(number(db, "SELECT count(*) FROM results"), 2) << "only the latest revision's jobs";
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 3) << "earlier jobs stay on record";
}

TEST_F(Registration, GoingBackToAnEarlierTextIsTheLatestRevisionAgain) {
  SweepRecord sweep = sample_sweep("one");
  register_sweep(db, sweep, jobs);
  register_sweep(db, sweep, {jobs[0]});
  register_sweep(db, sweep, jobs);
  EXPECT_EQ(latest_revision(db, "one")->number, 3);
  EXPECT_EQ(number(db, "SELECT count(*) FROM results"), 3);
}

TEST_F(Registration, AJobOfTwoSweepsIsOneJobThatKeepsItsState) {
  register_sweep(db, sample_sweep("one"), jobs);
  record_results(db, {}, {}, {{jobs[0].id, JobState::complete, ""}});
  register_sweep(db, sample_sweep("two"), {jobs[0], sample_job("AE2", "pca", 32, 0)});
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 4);
  EXPECT_EQ(number(db, "SELECT count(*) FROM results WHERE job = '" + jobs[0].id + "' AND state = 'complete'"), 2);
}

TEST_F(Registration, SharedTasksHaveOneRow) {
  register_sweep(db, sample_sweep("one"), jobs);
  EXPECT_EQ(number(db, "SELECT count(*) FROM job_tasks"), 21);
  // Seed 0 has load, train, encode and two branches of reduce, cluster, score; seed 1 shares only load and the labels with it.
  EXPECT_EQ(number(db, "SELECT count(*) FROM tasks"), 15);
}

TEST_F(Registration, AKnownJobsPathFollowsWhatItsKeySaysNothingOf) {
  std::vector<JobRecord> older = jobs;
  for (JobRecord& job : older) std::erase_if(job.path, [](const TaskRef& task) { return task.stage == "labels"; });
  register_sweep(db, sample_sweep("one"), older);
  record_results(db, {}, {}, {{jobs[0].id, JobState::complete, ""}});
  SweepRecord sweep = sample_sweep("one");
  sweep.dataset["selection"] = "is recorded now";
  register_sweep(db, sweep, jobs);
  EXPECT_EQ(number(db, "SELECT count(*) FROM job_tasks"), 21);
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs WHERE state = 'complete'"), 1);
  std::vector<std::string> stages;
  const JobDetail detail = job_detail(db, jobs[0].id).value();
  for (const PathStep& step : detail.path) stages.push_back(step.stage);
  EXPECT_EQ(stages, (std::vector<std::string>{"load", "train", "encode", "reduce", "cluster", "labels", "score"}));
}

TEST_F(Registration, AxisValuesKeepTheirTypes) {
  JobRecord job = sample_job("AE1", "pca", 32, 0);
  job.axes = {{"flag", true}, {"kernel", {3, 3}}, {"learning_rate", 0.001},
              {"seed", 4},    {"text", "4"},      {"none", nullptr}};
  register_sweep(db, sample_sweep("one"), {job});
  RowList rows = selected(db, "SELECT axis, value, typeof(value) FROM job_params ORDER BY axis");
  std::vector<std::vector<Cell>> expected = {{"flag", std::int64_t{1}, "integer"}, {"kernel", "[3,3]", "text"},
                                             {"learning_rate", 0.001, "real"},     {"none", std::monostate{}, "null"},
                                             {"seed", std::int64_t{4}, "integer"}, {"text", "4", "text"}};
  EXPECT_EQ(rows.rows, expected);
}

TEST_F(Registration, TwoKeysWithOneIdAreRefusedAndNothingIsKept) {
  register_sweep(db, sample_sweep("one"), {jobs[0]});
  JobRecord twin = jobs[1];
  twin.id = jobs[0].id;
  std::string error = error_of([&] { register_sweep(db, sample_sweep("two"), {jobs[2], twin}); });
  EXPECT_EQ(error, "two jobs share the id " + twin.id + ": keys " + jobs[0].key + " and " + twin.key);
  EXPECT_EQ(number(db, "SELECT count(*) FROM sweeps"), 1);
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 1);
}

TEST_F(Registration, TextThatIsNotUtf8IsKeptOutOfTheJsonNotThrownAt) {
  SweepRecord sweep = sample_sweep("one");
  sweep.options["data"] = "/data/\xff";
  EXPECT_NO_THROW(register_sweep(db, sweep, jobs));
}

}  // namespace
}  // namespace latentgrid
