#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <tuple>

#include "base/error.hpp"
#include "db/details.hpp"
#include "db/impl.hpp"
#include "db/key_order.hpp"
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
  const JobList list = list_of(jobs, [&](std::size_t) { ++asked; });
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

// 300 jobs of 3 x 100 seeds, whose ids are in no order.
std::vector<JobRecord> many_jobs() {
  std::vector<JobRecord> jobs;
  for (std::int64_t seed = 0; seed < 100; ++seed) {
    jobs.push_back(sample_job("AE1", "pca", 32, seed));
    jobs.push_back(sample_job("AE1", "pca50+tsne", 2, seed));
    jobs.push_back(sample_job("raw", "none", 3072, seed));
    jobs.back().axes.emplace_back("kmeans.n_init", seed % 7);
  }
  return jobs;
}

// Every row that registering `jobs` makes, from the records alone.
void expect_registered(const ResultsDb& db, const std::vector<JobRecord>& jobs) {
  using Rows = std::vector<std::vector<Cell>>;
  Rows order, axes, paths;
  std::set<std::tuple<std::string, std::string, std::int64_t>> tasks;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const JobRecord& job = jobs[i];
    order.push_back({static_cast<std::int64_t>(i), job.id, job.key, job.reduction, job.seed});
    for (const auto& [axis, value] : job.axes) axes.push_back({job.id, axis, value.is_string() ? Cell(value.get<std::string>()) : Cell(value.get<std::int64_t>())});
    for (std::size_t place = 0; place < job.path.size(); ++place) {
      const TaskRef& task = job.path[place];
      paths.push_back({job.id, static_cast<std::int64_t>(place), task.stage, std::int64_t{task.step}, task.artifact.key, task.artifact.extent});
      tasks.emplace(task.stage, task.artifact.key, task.artifact.extent);
    }
  }
  std::sort(axes.begin(), axes.end());
  std::sort(paths.begin(), paths.end());
  EXPECT_EQ(selected(db, "SELECT o.position, j.id, j.key, j.reduction, j.seed FROM sweep_jobs o JOIN jobs j ON j.id = o.job ORDER BY o.position").rows, order);
  EXPECT_EQ(selected(db, "SELECT job, axis, value FROM job_params ORDER BY job, axis").rows, axes);
  EXPECT_EQ(selected(db, "SELECT p.job, p.position, t.stage, p.step, t.key, t.extent FROM job_tasks p JOIN tasks t ON t.id = p.task AND t.stage = p.stage "
                         "ORDER BY p.job, p.position").rows, paths);
  EXPECT_EQ(number(db, "SELECT count(*) FROM tasks"), static_cast<std::int64_t>(tasks.size()));
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), static_cast<std::int64_t>(jobs.size()));
  EXPECT_FALSE(SQLite::Statement(db.impl().database, "PRAGMA foreign_key_check").executeStep());
}

TEST_F(Registration, WritesWhatTheRecordsSayInTheOrderOfTheList) {
  const std::vector<JobRecord> many = many_jobs();
  ASSERT_FALSE(std::is_sorted(many.begin(), many.end(), [](const JobRecord& a, const JobRecord& b) { return a.id < b.id; }));
  const std::int64_t revision = register_sweep(db, sample_sweep("one"), many);
  expect_registered(db, many);
  EXPECT_EQ(db.impl().database.execAndGet("PRAGMA foreign_keys").getInt(), 1) << "checked again by whatever follows";
  const std::vector<JobStateRow> states = db.job_states(revision);
  ASSERT_EQ(states.size(), many.size());
  for (std::size_t i = 0; i < many.size(); ++i) EXPECT_EQ(states[i].job, many[i].id);
}

TEST_F(Registration, OfJobsInAnotherOrderDiffersInTheOrderAlone) {
  std::vector<JobRecord> many = many_jobs();
  register_sweep(db, sample_sweep("one"), many);
  TemporaryResults elsewhere;
  ResultsDb other = ResultsDb::open_for_writing(elsewhere.database());
  std::reverse(many.begin(), many.end());
  register_sweep(other, sample_sweep("one"), many);
  expect_registered(other, many);
  for (const char* const rows : {"SELECT * FROM jobs ORDER BY id", "SELECT * FROM job_params ORDER BY job, axis", "SELECT job, 299 - position FROM sweep_jobs ORDER BY job"}) {
    const std::string here = std::string(rows).find("299") == std::string::npos ? rows : "SELECT job, position FROM sweep_jobs ORDER BY job";
    EXPECT_EQ(selected(db, here).rows, selected(other, rows).rows) << rows;
  }
}

TEST_F(Registration, APartOfAKnownSweepAndMoreIsAddedToIt) {
  const std::vector<JobRecord> many = many_jobs();
  register_sweep(db, sample_sweep("one"), {many.begin() + 90, many.begin() + 200});
  register_sweep(db, sample_sweep("two"), many);
  db.impl().database.exec("DELETE FROM sweep_jobs WHERE revision = 1");
  expect_registered(db, many);
}

// With the pages in the log before the transaction's end, as of a large sweep.
TEST_F(Registration, ThatIsKilledIsDoneByTheNextOne) {
  const std::vector<JobRecord> many = many_jobs();
  const auto killed = [&] {
    ResultsDb dying = ResultsDb::open_for_writing(results.database());
    dying.impl().database.exec("PRAGMA cache_size = 10");
    std::size_t written = 0;
    register_sweep(dying, sample_sweep("one"), list_of(many, [&](std::size_t) {
      if (++written == 250) ::raise(SIGKILL);
    }));
  };
  EXPECT_EXIT(killed(), ::testing::KilledBySignal(SIGKILL), "");
  ResultsDb next = ResultsDb::open_for_writing(results.database());
  EXPECT_EQ(number(next, "SELECT count(*) FROM jobs"), 0);
  EXPECT_EQ(number(next, "SELECT count(*) FROM sweeps"), 0);
  register_sweep(next, sample_sweep("one"), many);
  expect_registered(next, many);
}

TEST_F(Registration, ThatFailsLeavesForeignKeysChecked) {
  const std::vector<JobRecord> many = many_jobs();
  const JobList failing = list_of(many, [](std::size_t job) {
    if (job == 7) throw Error("no such record");
  });
  EXPECT_EQ(error_of([&] { register_sweep(db, sample_sweep("one"), failing); }), "no such record");
  EXPECT_EQ(db.impl().database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
  EXPECT_EQ(number(db, "SELECT count(*) FROM tasks"), 0);
}

TEST(InKeyOrder, IsTheOrderOfTheTexts) {
  std::vector<std::string> keys = {"", "b", "abcdefgh", "abcdefghi", "abcdefg", "\xff", "abcdefgha", "a", "b", "abcdefgh"};
  std::vector<std::string> sorted;
  const std::vector<std::size_t> order = db::in_key_order(keys.size(), [&](std::size_t i) -> const std::string& { return keys[i]; });
  for (std::size_t i : order) sorted.push_back(keys[i]);
  EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), keys.size());
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(sorted, keys);
}

TEST_F(Registration, MoreAxesThanOneStatementTakesAreAllEntered) {
  JobRecord job = sample_job("AE1", "pca", 32, 0);
  for (std::int64_t i = 0; i < 150; ++i) job.axes.emplace_back("axis" + std::to_string(i), i);
  register_sweep(db, sample_sweep("one"), {job});
  expect_registered(db, {job});
}

TEST_F(Registration, TextThatIsNotUtf8IsKeptOutOfTheJsonNotThrownAt) {
  SweepRecord sweep = sample_sweep("one");
  sweep.options["data"] = "/data/\xff";
  EXPECT_NO_THROW(register_sweep(db, sweep, jobs));
}

}  // namespace
}  // namespace latentgrid
