#include "db/relations.hpp"

#include <gtest/gtest.h>

#include "db/details.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Relations : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 32, 2),
                                 sample_job("AE1", "pca", 32, 1), sample_job("AE1", "pca", 8, 0),
                                 sample_job("AE2", "pca", 32, 0)};
};

TEST_F(Relations, SiblingsDifferInTheSeedAloneAndShareASweep) {
  register_sweep(db, sample_sweep("a"), jobs);
  register_sweep(db, sample_sweep("b"), {sample_job("AE1", "pca", 32, 7)});
  EXPECT_EQ(seed_siblings(db, jobs[0].id), (std::vector<std::string>{jobs[0].id, jobs[2].id, jobs[1].id}));
  EXPECT_EQ(seed_siblings(db, jobs[4].id), std::vector<std::string>{jobs[4].id});
  EXPECT_TRUE(seed_siblings(db, "000000000000").empty());
}

TEST_F(Relations, SiblingsOfAnOlderRevisionDoNotCount) {
  register_sweep(db, sample_sweep("a"), jobs);
  SweepRecord edited = sample_sweep("a");
  edited.text += "# one seed\n";
  register_sweep(db, edited, {jobs[0], jobs[3]});
  EXPECT_EQ(seed_siblings(db, jobs[0].id), std::vector<std::string>{jobs[0].id});
  EXPECT_TRUE(seed_siblings(db, jobs[1].id).empty());
}

TEST_F(Relations, TheDatasetIsThatOfTheNewestRevisionWithTheJob) {
  register_sweep(db, sample_sweep("a"), jobs);
  SweepRecord later = sample_sweep("a");
  later.dataset["images"] = 9;
  register_sweep(db, later, {jobs[0]});
  EXPECT_EQ(dataset_of_job(db, jobs[0].id)["images"], 9);
  EXPECT_EQ(dataset_of_job(db, jobs[1].id)["images"], 8500);
  EXPECT_TRUE(dataset_of_job(db, "000000000000").is_null());
}

TEST_F(Relations, TasksAreFoundByTheBeginningOfTheirKeyOnceAFamily) {
  register_sweep(db, sample_sweep("a"), jobs);
  // reduce 8 and reduce 32 are slices of one decomposition.
  const std::string key = task_of(jobs[0], "reduce").artifact.key;
  ASSERT_EQ(task_of(jobs[3], "reduce").artifact.key, key);
  EXPECT_EQ(tasks_with_prefix(db, key.substr(0, 20), 5), (std::vector<TaskFamily>{{"reduce", key}}));
  EXPECT_EQ(tasks_with_prefix(db, "", 3).size(), 3u);
  EXPECT_TRUE(tasks_with_prefix(db, "zz", 3).empty());
  const auto job = job_with_task(db, {"reduce", key});
  EXPECT_EQ(job, std::min(jobs[0].id, jobs[3].id));
  EXPECT_FALSE(job_with_task(db, {"train", key}));
}

TEST_F(Relations, AxesAreThoseOfAnyJobOfTheRevision) {
  jobs[4].axes.emplace_back("learning_rate", 0.1);
  const std::int64_t revision = register_sweep(db, sample_sweep("a"), jobs);
  EXPECT_EQ(axes_of_revision(db, revision),
            (std::vector<std::string>{"architecture", "learning_rate", "reduction", "seed"}));
}

TEST_F(Relations, AJobsResultIsItsRow) {
  register_sweep(db, sample_sweep("a"), jobs);
  record_results(db, sample_artifacts(jobs[0], {.accuracy = 0.7}), {}, {{jobs[0].id, JobState::complete, ""}});
  EXPECT_EQ((*job_result(db, jobs[0].id))["accuracy"], 0.7);
  EXPECT_EQ(job_result(db, jobs[1].id)->seed, 2);
  EXPECT_FALSE(job_result(db, "000000000000"));
}

}  // namespace
}  // namespace latentgrid
