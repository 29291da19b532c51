// What the report's figures ask about all jobs of a revision at once.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/error.hpp"
#include "db/axis_columns.hpp"
#include "db/costs.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
#include "db/trainings.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct RevisionQueries : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());

  std::int64_t registered(const std::vector<JobRecord>& jobs) { return register_sweep(db, sample_sweep("one"), jobs); }
  void complete(const JobRecord& job) {
    record_results(db, sample_artifacts(job, {0.02, 0.7, 0.6, 0.7, 0.2, 0.1}), {}, {{job.id, JobState::complete, ""}});
  }
};

JobRecord with_axes(std::int64_t seed, std::vector<std::pair<std::string, Json>> axes) {
  JobRecord job = sample_job("AE1", "pca", 32, seed);
  job.axes = std::move(axes);
  return job;
}

TEST_F(RevisionQueries, AxesComeAsColumnsInTheOrderOfTheFile) {
  const std::int64_t revision = registered(
      {with_axes(3, {{"rate", 0.5}, {"latent_dim", "native"}}), with_axes(1, {{"rate", 0.125}, {"latent_dim", 64}}),
       with_axes(2, {{"rate", 0.5}, {"latent_dim", 8}, {"list", Json::array({1})}}),
       with_axes(0, {{"latent_dim", "8"}, {"rate", nullptr}})});
  const std::vector<AxisColumn> axes = axis_columns(db, revision);
  ASSERT_EQ(axes.size(), 3u);
  EXPECT_EQ(axes[0].name, "latent_dim");
  EXPECT_EQ(axes[0].values, (std::vector<Cell>{std::int64_t{8}, std::int64_t{64}, "native", "8"}));
  EXPECT_EQ(axes[0].value_of, (std::vector<int>{2, 1, 0, 3}));
  EXPECT_EQ(axes[1].name, "list");
  EXPECT_EQ(axes[1].values, (std::vector<Cell>{"[1]"}));
  EXPECT_EQ(axes[1].value_of, (std::vector<int>{-1, -1, 0, -1}));
  EXPECT_EQ(axes[2].name, "rate");
  EXPECT_EQ(axes[2].values, (std::vector<Cell>{0.125, 0.5}));
  EXPECT_EQ(axes[2].value_of, (std::vector<int>{1, 0, 1, -1}));
}

TEST_F(RevisionQueries, EqualNumbersAreOneValueHoweverTheyAreWritten) {
  const std::vector<AxisColumn> axes =
      axis_columns(db, registered({with_axes(0, {{"rate", 1}}), with_axes(1, {{"rate", 1.0}})}));
  EXPECT_EQ(axes.at(0).values, (std::vector<Cell>{std::int64_t{1}}));
}

TEST_F(RevisionQueries, AxesAgreeWithThoseOfOneJob) {
  const std::vector<JobRecord> jobs = {sample_job("AE2", "pca", 32, 0), sample_job("raw", "tsne", 2, 7)};
  const std::vector<AxisColumn> axes = axis_columns(db, registered(jobs));
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    Axes of_job;
    for (const AxisColumn& axis : axes) {
      if (axis.value_of[i] >= 0)
        of_job.emplace_back(axis.name, axis.values[static_cast<std::size_t>(axis.value_of[i])]);
    }
    EXPECT_EQ(of_job, job_axes(db, jobs[i].id));
  }
}

TEST_F(RevisionQueries, AnEmptyRevisionHasNothing) {
  const std::int64_t revision = registered({});
  EXPECT_TRUE(axis_columns(db, revision).empty());
  EXPECT_TRUE(embedding_tasks(db, revision).empty());
  EXPECT_TRUE(trainings(db, revision).empty());
  EXPECT_TRUE(stage_costs(db, revision).empty());
}

TEST_F(RevisionQueries, JobsThatClusterTheSamePointsHaveOneEmbedding) {
  JobRecord other_k = sample_job("AE1", "pca", 32, 0);
  other_k.path[other_k.path.size() - 3].artifact.key = sha256_hex("another k");
  other_k.path.back().artifact.key = sha256_hex("its score");
  other_k.key = sha256_hex("another job");
  other_k.id = other_k.key.substr(0, 12);
  const std::vector<std::int64_t> tasks =
      embedding_tasks(db, registered({sample_job("AE1", "pca", 32, 0), other_k, sample_job("AE1", "pca", 8, 0),
                                      sample_job("AE1", "none", 2048, 0)}));
  ASSERT_EQ(tasks.size(), 4u);
  EXPECT_EQ(tasks[0], tasks[1]);
  EXPECT_EQ((std::set<std::int64_t>{tasks[0], tasks[2], tasks[3]}.size()), 3u);
}

TEST_F(RevisionQueries, AFamilyOfTrainingsIsTheLongestThatIsRecorded) {
  JobRecord shorter = sample_job("AE1", "pca", 32, 0), longer = shorter, unrecorded = shorter;
  auto with_epochs = [](JobRecord& job, std::int64_t epochs) {
    for (TaskRef& task : job.path) {
      if (task.stage == "train")
        task.artifact.extent = epochs;
      else if (task.stage != "load")
        task.artifact.key = sha256_hex(task.artifact.key + std::to_string(epochs));
    }
    job.key = sha256_hex(job.key + std::to_string(epochs));
    job.id = job.key.substr(0, 12);
  };
  with_epochs(longer, 30);
  with_epochs(unrecorded, 40);
  const JobRecord other = sample_job("AE2", "pca", 32, 0), pending = sample_job("AE2", "pca", 32, 1);
  const std::int64_t revision =
      registered({sample_job("raw", "pca", 32, 0), other, unrecorded, shorter, longer, pending});
  for (const JobRecord& job : {other, shorter, longer}) complete(job);
  const std::vector<Training> found = trainings(db, revision);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].job, other.id);
  EXPECT_EQ(found[0].position, 1u);
  EXPECT_EQ(found[0].epochs, 4);
  EXPECT_EQ(found[1].job, unrecorded.id) << "the first that needs it";
  EXPECT_EQ(found[1].epochs, 30);
  EXPECT_EQ(training_losses(db, found[1].task), (std::vector<std::optional<double>>{0.5, 0.25, 0.125}));
  EXPECT_EQ(found[2].job, pending.id);
  EXPECT_EQ(found[2].epochs, 0);
}

TEST_F(RevisionQueries, CostsCountCompleteJobsAndSharedWorkOnce) {
  const std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 8, 0),
                                       sample_job("AE2", "pca", 32, 0)};
  const std::int64_t revision = registered(jobs);
  for (const JobRecord& job : {jobs[0], jobs[1]}) complete(job);
  record_results(db, {sample_artifact(task_of(jobs[2], "train"), Json::object(), 100)}, {}, {});
  std::vector<std::string> stages;
  std::map<std::string, std::pair<double, double>> seconds;
  for (const StageCost& cost : stage_costs(db, revision)) {
    stages.push_back(cost.stage);
    seconds[cost.stage] = {cost.done_s, cost.one_by_one_s};
    EXPECT_EQ(cost.untimed, 0);
  }
  EXPECT_EQ(stages, (std::vector<std::string>{"load", "train", "encode", "reduce", "cluster", "labels", "score"}));
  EXPECT_EQ(seconds["train"], (std::pair{1.0, 2.0}));
  EXPECT_EQ(seconds["reduce"], (std::pair{1.0, 2.0})) << "two slices of one decomposition";
  EXPECT_EQ(seconds["score"], (std::pair{2.0, 2.0}));
}

}  // namespace
}  // namespace latentgrid
