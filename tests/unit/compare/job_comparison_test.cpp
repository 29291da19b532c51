#include "compare/job_comparison.hpp"

#include <gtest/gtest.h>

#include "db/registration.hpp"
#include "support/golden.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

constexpr std::int64_t images = 40;

struct TwoJobs : ::testing::Test {
  TemporaryResults results;
  const ArtifactStore store{results.folder()};
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  SweepRecord sweep = sample_sweep("scenes");

  void SetUp() override {
    sweep.dataset["source"] = alternating_labels(images).to_json();
    write_labels(store, task_of(sample_job("AE1", "pca", 8, 0), "labels").artifact, alternating_labels(images));
  }

  void add(const std::vector<JobRecord>& jobs, const std::vector<Scores>& scores) {
    register_sweep(db, sweep, jobs);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      record_results(db, sample_artifacts(jobs[i], scores[i]), {}, {{jobs[i].id, JobState::complete, ""}});
    }
  }
  // The first `wrong` predictions are wrong.
  void predict(const JobRecord& job, std::int64_t wrong) {
    std::vector<std::int32_t> predictions;
    for (std::int64_t i = 0; i < images; ++i)
      predictions.push_back(static_cast<std::int32_t>(i < wrong ? 1 - i % 2 : i % 2));
    write_predictions(store, task_of(job, "score").artifact, predictions);
  }
  JobComparison compared(const JobRecord& a, const JobRecord& b) { return compare_jobs(db, store, a.id, b.id); }
};

std::vector<std::string> names(const std::vector<ParameterDifference>& differences) {
  std::vector<std::string> all;
  for (const ParameterDifference& d : differences) all.push_back(d.name);
  return all;
}

TEST_F(TwoJobs, DifferInParametersAndFromAStageOn) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE1", "pca", 32, 0);
  add({a, b}, {{0.04, 0.7, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.75, 0.7, 0.8, 0.3, 0.2}});
  const JobComparison c = compared(a, b);
  EXPECT_EQ(names(c.parameters), std::vector<std::string>{"reduced_dim"});
  ASSERT_TRUE(c.parts_at);
  EXPECT_EQ(c.stages[*c.parts_at].stage, "reduce");
  EXPECT_EQ(c.stages[*c.parts_at].sharing, Sharing::one_run);
  EXPECT_EQ(c.stages[*c.parts_at].second->extent, 32);
  EXPECT_TRUE(c.same.images && c.same.labels && c.same.split);
  EXPECT_FALSE(c.same_embedding);
  EXPECT_EQ(c.scores.front().name, "recon_mse");
  EXPECT_EQ(c.scores.front().difference, 0.0);
  EXPECT_DOUBLE_EQ(c.scores[2].difference.value(), 0.6 - 0.7);
}

TEST_F(TwoJobs, TheSecondsLabelsServeWhereTheFirstKeptNone) {
  JobRecord older = sample_job("AE1", "pca", 8, 0);
  const JobRecord b = sample_job("AE2", "pca", 8, 0);
  std::erase_if(older.path, [](const TaskRef& task) { return task.stage == "labels"; });
  add({older, b}, {{0.04, 0.95, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.65, 0.7, 0.8, 0.3, 0.2}});
  predict(older, 2);
  predict(b, 14);
  const JobComparison c = compared(older, b);
  EXPECT_EQ(std::get<Disagreement>(c.runs.at(0).found).images, images);
}

TEST_F(TwoJobs, RunsAreTestedByMcNemarsExactTest) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE2", "pca", 8, 0);
  add({a, b}, {{0.04, 0.95, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.65, 0.7, 0.8, 0.3, 0.2}});
  predict(a, 2);
  predict(b, 14);
  const JobComparison c = compared(a, b);
  ASSERT_EQ(c.runs.size(), 3u);
  const auto& all = std::get<Disagreement>(c.runs[0].found);
  EXPECT_EQ(all.images, images);
  EXPECT_EQ(all.only_first, 12);
  EXPECT_EQ(all.only_second, 0);
  EXPECT_NEAR(c.runs[0].p, 2.0 / (1 << 12), 1e-12);  // 12 coins, all on one side
  EXPECT_EQ(std::get<Disagreement>(c.runs[1].found).images + std::get<Disagreement>(c.runs[2].found).images, images);
  EXPECT_FALSE(c.have_siblings);
}

TEST_F(TwoJobs, MissingPredictionsAndUnfinishedJobsAreOmissions) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE2", "pca", 8, 0),
                  c = sample_job("AE2", "pca", 9, 0);
  add({a, b, c}, {{0.04, 0.95, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.65, 0.7, 0.8, 0.3, 0.2}});
  predict(a, 2);
  EXPECT_EQ(std::get<Omission>(compared(a, b).runs[0].found).reason,
            (store.folder("score", task_of(b, "score").artifact) / "predictions.npy").string() + " is missing");
  EXPECT_EQ(std::get<Omission>(compared(a, c).runs[1].found).reason,
            "job " + c.id + " has no accuracy_public, it is pending");
  EXPECT_TRUE(compared(c, c).runs.empty());
}

TEST_F(TwoJobs, PublicAndPrivateScoresNeedASplitOfBothSweeps) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE2", "pca", 8, 0);
  sweep.dataset["default_split"] = true;
  add({a, b}, {{0.04, 0.95, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.65, 0.7, 0.8, 0.3, 0.2}});
  const JobComparison c = compared(a, b);
  std::vector<std::string> names;
  for (const ScorePair& pair : c.scores) names.push_back(pair.name);
  EXPECT_EQ(names, (std::vector<std::string>{"recon_mse", "accuracy", "ari", "nmi", "wall_s"}));
  ASSERT_EQ(c.runs.size(), 1u);
  EXPECT_EQ(c.runs[0].score, "accuracy");
}

TEST_F(TwoJobs, SeedsArePairedAsSciPyDoes) {
  const Json answer = scipy_answer("paired").at(2);
  const auto first = answer.at("first").get<std::vector<double>>(),
             second = answer.at("second").get<std::vector<double>>();
  std::vector<JobRecord> jobs;
  std::vector<Scores> scores;
  for (std::size_t seed = 0; seed < first.size(); ++seed) {
    jobs.push_back(sample_job("AE1", "pca", 8, static_cast<std::int64_t>(seed)));
    scores.push_back({.recon_mse = 0.1, .accuracy = first[seed]});
    jobs.push_back(sample_job("AE2", "pca", 8, static_cast<std::int64_t>(seed)));
    scores.push_back({.recon_mse = 0.1, .accuracy = second[seed]});
  }
  jobs.push_back(sample_job("AE1", "pca", 8, 99));  // no partner
  scores.push_back({.recon_mse = 0.1, .accuracy = 0});
  add(jobs, scores);
  const JobComparison c = compared(jobs[0], jobs[1]);
  ASSERT_TRUE(c.have_siblings);
  ASSERT_GE(c.seeds.size(), 2u);
  const SeedTest& accuracy = c.seeds[1];
  EXPECT_EQ(accuracy.score, "accuracy");
  EXPECT_EQ(accuracy.seeds, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  ASSERT_TRUE(accuracy.difference);
  EXPECT_NEAR(accuracy.difference->p.value(), answer.at("p"), 1e-10);
  EXPECT_NEAR(accuracy.difference->low, answer.at("low"), 1e-10);
  EXPECT_NEAR(accuracy.difference->high, answer.at("high"), 1e-10);
  EXPECT_NEAR(accuracy.mean_first - accuracy.mean_second, answer.at("mean"), 1e-12);
}

TEST_F(TwoJobs, TwoSeedsAreNoClaimAndTheSameSettingIsNoPair) {
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 8, 0), sample_job("AE1", "pca", 8, 1),
                                 sample_job("AE2", "pca", 8, 0), sample_job("AE2", "pca", 8, 1)};
  add(jobs, std::vector<Scores>(4, {0.04, 0.95, 0.6, 0.8, 0.2, 0.1}));
  const JobComparison c = compared(jobs[0], jobs[2]);
  ASSERT_TRUE(c.have_siblings);
  EXPECT_EQ(c.seeds[0].seeds.size(), 2u);
  EXPECT_FALSE(c.seeds[0].difference);
  const JobComparison replicates = compared(jobs[0], jobs[1]);
  EXPECT_TRUE(replicates.only_the_seed_differs);
  EXPECT_TRUE(replicates.seeds.empty());
}

TEST_F(TwoJobs, OfDifferentImagesAreNotTested) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0);
  JobRecord b = sample_job("AE1", "pca", 8, 1);
  for (TaskRef& task : b.path) task.artifact.key = sha256_hex("other" + task.artifact.key);
  b.dataset = "other";
  add({a, b}, {{0.04, 0.95, 0.6, 0.8, 0.2, 0.1}, {0.04, 0.65, 0.7, 0.8, 0.3, 0.2}});
  const JobComparison c = compared(a, b);
  EXPECT_FALSE(c.same.images);
  EXPECT_TRUE(c.runs.empty());
  EXPECT_TRUE(c.seeds.empty());
  EXPECT_FALSE(c.scores.empty());
}

TEST_F(TwoJobs, SilhouettesOfDifferentEmbeddingsAreNotCompared) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE1", "pca", 32, 0);
  JobRecord c = a;  // other clusters of a's embedding
  for (const char* stage : {"cluster", "score"}) {
    for (TaskRef& task : c.path) {
      if (task.stage == stage) task.artifact.key = sha256_hex("c" + task.artifact.key);
    }
  }
  c.k = 5;
  c.key = sha256_hex("c" + c.key);
  c.id = c.key.substr(0, 12);
  register_sweep(db, sweep, {a, b, c});
  double value = 0.3;
  for (const JobRecord& job : {a, b, c}) {
    record_results(db, {sample_artifact(task_of(job, "score"), {{"silhouette", value += 0.1}}, 1)}, {}, {});
  }
  const ScorePair apart = compared(a, b).scores.at(0), together = compared(a, c).scores.at(0);
  EXPECT_EQ(apart.name, "silhouette");
  EXPECT_FALSE(apart.comparable);
  EXPECT_FALSE(apart.difference);
  EXPECT_NEAR(together.difference.value(), -0.2, 1e-12);
  EXPECT_TRUE(compared(a, b).runs.empty());
}

TEST_F(TwoJobs, LabelsAndSplitsAreComparedByTheirDigestsWhereRecorded) {
  const JobRecord a = sample_job("AE1", "pca", 8, 0), b = sample_job("AE2", "pca", 8, 0);
  register_sweep(db, sweep, {a, b});
  for (const JobRecord* job : {&a, &b}) {
    ArtifactRow score = sample_artifact(task_of(*job, "score"), {{"accuracy", 0.5}, {"accuracy_public", 0.5}}, 1);
    const std::string split = job == &a ? "11" : "22";
    score.record["provenance"]["params"] = {{"labels", {{"sha256", "00"}}}, {"split", {{"sha256", split}}}};
    record_results(db, {score}, {}, {{job->id, JobState::complete, ""}});
    predict(*job, 3);
  }
  const JobComparison c = compared(a, b);
  EXPECT_TRUE(c.same.labels);
  EXPECT_FALSE(c.same.split);
  EXPECT_TRUE(std::holds_alternative<Disagreement>(c.runs[0].found));
  EXPECT_EQ(std::get<Omission>(c.runs[1].found).reason, "the two have different public and private parts");
}

}  // namespace
}  // namespace latentgrid
