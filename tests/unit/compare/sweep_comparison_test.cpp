#include "compare/sweep_comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "db/registration.hpp"
#include "support/golden.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

// The same work with another parameter of training.
JobRecord with_learning_rate(JobRecord job, double learning_rate, bool axis = false) {
  job.params["train"]["learning_rate"] = learning_rate;
  if (axis) job.axes.emplace_back("learning_rate", learning_rate);
  for (std::size_t i = 1; i < job.path.size(); ++i) {
    job.path[i].artifact.key = sha256_hex(std::to_string(learning_rate) + job.path[i].artifact.key);
  }
  job.key = sha256_hex(std::to_string(learning_rate) + job.key);
  job.id = job.key.substr(0, 12);
  return job;
}

struct TwoSweeps : ::testing::Test {
  TemporaryResults results;
  const ArtifactStore store{results.folder()};
  ResultsDb db = ResultsDb::open_for_writing(results.database());

  void add(const std::string& name, const std::vector<JobRecord>& jobs, const std::vector<double>& accuracies,
           const Json& options = Json::object(), bool split = true) {
    SweepRecord sweep = sample_sweep(name);
    if (!split) sweep.dataset["default_split"] = true;
    sweep.options = options;
    register_sweep(db, sweep, jobs);
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      record_results(db, sample_artifacts(jobs[i], {.recon_mse = 0.1, .accuracy = accuracies[i]}), {},
                {{jobs[i].id, JobState::complete, ""}});
    }
  }
  SweepComparison compared(const std::string& score = "") { return compare_sweeps(db, store, "a", "b", score); }
};

TEST_F(TwoSweeps, MatchedSettingsArePairedAsSciPyDoesAndCorrectedAsHolmDid) {
  const std::vector<std::string> architectures = {"AE1", "AE2"};
  std::vector<JobRecord> a, b;
  std::vector<double> of_a, of_b;
  for (std::size_t which : {0, 1}) {
    const Json answer = scipy_answer("paired").at(which == 0 ? 2 : 0);
    for (std::size_t seed = 0; seed < answer.at("first").size(); ++seed) {
      const JobRecord job = sample_job(architectures[which], "pca", 8, static_cast<std::int64_t>(seed));
      a.push_back(job);
      of_a.push_back(answer.at("first")[seed]);
      b.push_back(with_learning_rate(job, 0.01));
      of_b.push_back(answer.at("second")[seed]);
    }
  }
  add("a", a, of_a);
  add("b", b, of_b, {{"set", {"train.learning_rate=0.01"}}});
  const SweepComparison c = compared();
  EXPECT_EQ(c.score, "accuracy");
  EXPECT_EQ(c.matched_by, (std::vector<std::string>{"architecture", "reduction"}));
  EXPECT_TRUE(c.left_out.empty());
  EXPECT_EQ(c.jobs_both, 0);
  ASSERT_EQ(c.settings.size(), 2u);
  for (std::size_t which : {0, 1}) {
    const Json answer = scipy_answer("paired").at(which == 0 ? 2 : 0);
    const CommonSetting& setting = c.settings[which];
    EXPECT_EQ(setting.values[0], architectures[which]);
    ASSERT_TRUE(setting.paired);
    EXPECT_NEAR(setting.paired->p.value(), answer.at("p"), 1e-10);
    EXPECT_NEAR(setting.paired->low, answer.at("low"), 1e-10);
    EXPECT_NEAR(setting.difference.value(), answer.at("mean"), 1e-12);
  }
  // The smaller p is doubled, the larger stays.
  EXPECT_NEAR(c.settings[0].p.value(), 2 * c.settings[0].paired->p.value(), 1e-15);
  EXPECT_NEAR(c.settings[1].p.value(), c.settings[1].paired->p.value(), 1e-15);
  ASSERT_EQ(c.options.size(), 1u);
  EXPECT_EQ(c.options[0].second, "train.learning_rate=0.01");
  ASSERT_EQ(c.parameters.size(), 1u);
  EXPECT_EQ(c.parameters[0].name, "learning_rate");
}

TEST_F(TwoSweeps, TheSameJobsAreCountedAndNotTested) {
  const std::vector<JobRecord> common = {sample_job("AE1", "pca", 8, 0), sample_job("AE1", "pca", 8, 1)};
  std::vector<JobRecord> a = common, b = common;
  a.push_back(sample_job("raw", "pca", 8, 0));
  b.push_back(sample_job("AE2", "pca", 8, 0));
  b.push_back(sample_job("AE3", "pca", 8, 0));
  add("a", a, {});
  add("b", b, {});
  const SweepComparison c = compared();
  EXPECT_EQ(c.jobs_both, 2);
  EXPECT_EQ(c.settings_same, 1);
  EXPECT_EQ(c.settings_first, 1);
  EXPECT_EQ(c.settings_second, 2);
  EXPECT_TRUE(c.settings.empty());
}

TEST_F(TwoSweeps, MoreSeedsOfTheSameSettingsAreNoDifference) {
  std::vector<JobRecord> few, many;
  for (std::int64_t seed = 0; seed < 5; ++seed) {
    many.push_back(sample_job("AE1", "pca", 8, seed));
    if (seed < 3) few.push_back(many.back());
  }
  add("a", few, {0.5, 0.6, 0.7});
  add("b", many, {0.5, 0.6, 0.7, 0.8, 0.9});
  const SweepComparison c = compared();
  EXPECT_EQ(c.settings_same, 1);
  EXPECT_TRUE(c.settings.empty());
}

TEST_F(TwoSweeps, AnAxisOfOneIsMatchedByTheOthersParameterWhereItsValueOccurs) {
  const JobRecord job = sample_job("AE1", "pca", 8, 0);
  add("a", {with_learning_rate(job, 0.1, true), with_learning_rate(job, 0.2, true)}, {0.5, 0.6});
  JobRecord other = with_learning_rate(job, 0.2);
  other.params["threads"] = 2;
  other.key = sha256_hex("threads");
  other.id = other.key.substr(0, 12);
  add("b", {other}, {0.8});
  const SweepComparison c = compared();
  EXPECT_EQ(c.matched_by, (std::vector<std::string>{"architecture", "learning_rate", "reduction"}));
  ASSERT_EQ(c.settings.size(), 1u);
  EXPECT_EQ(c.settings[0].values[1], 0.2);
  EXPECT_EQ(c.settings_first, 1);
  EXPECT_FALSE(c.averaged_first);
}

TEST_F(TwoSweeps, AnAxisWithoutACommonValueIsAveragedOverWithinEachSeed) {
  std::vector<JobRecord> a, b;
  for (std::int64_t seed : {0, 1, 2}) {
    const JobRecord job = sample_job("AE1", "pca", 8, seed);
    a.push_back(with_learning_rate(job, 0.1, true));
    a.push_back(with_learning_rate(job, 0.2, true));
    b.push_back(job);
  }
  add("a", a, {0.5, 0.7, 0.6, 0.8, 0.7});  // the last is not finished
  add("b", b, {0.5, 0.5, 0.5});
  const SweepComparison c = compared();
  ASSERT_EQ(c.left_out.size(), 1u);
  EXPECT_EQ(c.left_out[0].name, "learning_rate");
  EXPECT_TRUE(c.averaged_first);
  EXPECT_FALSE(c.averaged_second);
  ASSERT_EQ(c.settings.size(), 1u);
  EXPECT_EQ(c.settings[0].seeds, (std::vector<std::int64_t>{0, 1}));
  EXPECT_NEAR(c.settings[0].mean_first.value(), 0.65, 1e-12);
  EXPECT_FALSE(c.settings[0].paired);  // two seeds are no claim
}

TEST_F(TwoSweeps, OfDifferentImagesAreNotTested) {
  std::vector<JobRecord> a, b;
  for (std::int64_t seed : {0, 1, 2}) {
    a.push_back(sample_job("AE1", "pca", 8, seed));
    b.push_back(with_learning_rate(a.back(), 0.1));
    b.back().path[0].artifact.key = sha256_hex("other images");
  }
  add("a", a, {0.5, 0.7, 0.6});
  add("b", b, {0.6, 0.6, 0.9});
  const SweepComparison c = compared();
  EXPECT_FALSE(c.same.images);
  EXPECT_FALSE(c.tested);
  ASSERT_EQ(c.settings.size(), 1u);
  EXPECT_TRUE(c.settings[0].difference);
  EXPECT_FALSE(c.settings[0].paired);
}

TEST_F(TwoSweeps, AScoreMayBeChosen) {
  add("a", {sample_job("AE1", "pca", 8, 0)}, {0.5});
  add("b", {with_learning_rate(sample_job("AE1", "pca", 8, 0), 0.1)}, {0.6});
  EXPECT_NEAR(compared("recon_mse").settings.at(0).mean_first.value(), 0.1, 1e-12);
  EXPECT_EQ(error_of([&] { compared("acuracy"); }),
            fmt::format("sweeps are not compared by 'acuracy', did you mean 'accuracy'? choose one of {}", fmt::join(sweep_scores(), ", ")));
  EXPECT_EQ(sweep_scores().front(), "recon_mse");
  EXPECT_EQ(std::ranges::count(sweep_scores(), "silhouette"), 0) << "it compares jobs that clustered one embedding";
}

TEST_F(TwoSweeps, PublicAndPrivateScoresNeedASplitOfBoth) {
  add("a", {sample_job("AE1", "pca", 8, 0)}, {0.5});
  add("b", {with_learning_rate(sample_job("AE1", "pca", 8, 0), 0.1)}, {0.6}, {}, false);
  EXPECT_EQ(error_of([&] { compared("accuracy_public"); }),
            "sweep 'b' has no split, so it has no 'accuracy_public'; choose accuracy");
}

TEST_F(TwoSweeps, MayBeEmpty) {
  add("a", {}, {});
  add("b", {sample_job("AE1", "pca", 8, 0)}, {});
  const SweepComparison c = compared();
  EXPECT_EQ(c.jobs_first, 0);
  EXPECT_TRUE(c.settings.empty());
}

}  // namespace
}  // namespace latentgrid
