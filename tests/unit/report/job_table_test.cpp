#include "report/job_table.hpp"

#include <gtest/gtest.h>

#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

Json column(const Json& table, const std::string& field) {
  for (const Json& one : table["columns"]) {
    if (one["field"] == field) return one;
  }
  return nullptr;
}

std::vector<std::string> fields(const Json& table, const char* hidden = nullptr) {
  std::vector<std::string> names;
  for (const Json& one : table["columns"]) {
    if (!hidden || one.value("hidden", "") == hidden) names.push_back(one["field"]);
  }
  return names;
}

struct JobTableTest : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  ArtifactStore store{results.folder()};

  Json table(const std::vector<JobRecord>& jobs, const std::vector<std::size_t>& scored) {
    register_sweep(db, sample_sweep("s"), jobs);
    for (std::size_t job : scored) {
      record_results(db, sample_artifacts(jobs[job], {0.04, 0.75, 0.5, 1.0, 0.2, 0.1}), {},
                {{jobs[job].id, JobState::complete, ""}});
    }
    return job_table({db, store, "s", latest_revision(db, "s").value(), load_results(db, "s")});
  }
};

TEST_F(JobTableTest, HasWhatJobsDifferInAndWhatWasMeasured) {
  const Json made = table({sample_job("AE1", "pca", 32, 0), sample_job("raw", "pca", 32, 0)}, {0, 1});
  EXPECT_EQ(column(made, "label")["levels"], Json({"AE1 + PCA(dim = 32)", "raw pixels + PCA(dim = 32)"}));
  EXPECT_EQ(column(made, "architecture")["values"], Json({0, 1}));
  EXPECT_EQ(column(made, "epochs")["values"], Json({20, nullptr})) << "raw pixels have none";
  EXPECT_EQ(column(made, "recon_mse")["values"], Json({0.04, nullptr}));
  EXPECT_EQ(fields(made), (std::vector<std::string>{"label", "accuracy", "accuracy_public", "accuracy_private", "ari", "nmi",
                                                    "recon_mse", "state", "dataset", "epochs", "clustering", "k", "seed",
                                                    "job", "architecture", "latent", "latent_dim", "reduction",
                                                    "reduced_dim", "wall_s"}))
      << "scores first, and what the label says last";
  EXPECT_EQ(column(made, "silhouette"), nullptr) << "nobody has one";
}

TEST_F(JobTableTest, WhatIsTheSameForAllOrRepeatsAnotherColumnIsMarked) {
  const Json made = table({sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 8, 0), sample_job("raw", "pca", 32, 0)}, {0, 1, 2});
  EXPECT_EQ(fields(made, "same"), (std::vector<std::string>{"state", "dataset", "clustering", "k", "seed", "reduction"}));
  EXPECT_EQ(fields(made, "repeats"), (std::vector<std::string>{"latent"})) << "each latent dimension has one latent";
  EXPECT_EQ(column(made, "accuracy").value("hidden", ""), "") << "a score is shown even where all are equal";
}

TEST_F(JobTableTest, ALatentThatItsDimensionDoesNotTellIsShown) {
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE2", "pca", 32, 0)};
  jobs[1].latent_dim = 2048;
  jobs[1].latent = "2048";
  EXPECT_EQ(fields(table(jobs, {0, 1}), "repeats"), std::vector<std::string>());
}

TEST_F(JobTableTest, AnAxisWithTheValuesOfAnotherColumnRepeatsIt) {
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 32, 1)};
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].axes.emplace_back("split_seed", static_cast<int>(i));
  EXPECT_EQ(fields(table(jobs, {0, 1}), "repeats"), (std::vector<std::string>{"split_seed"}));
}

TEST_F(JobTableTest, OfOneJobNothingIsHidden) {
  EXPECT_EQ(fields(table({sample_job("AE1", "pca", 32, 0)}, {0}), "same"), std::vector<std::string>());
}

TEST_F(JobTableTest, SilhouettesOfDifferentEmbeddingsAreLeftOut) {
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE2", "pca", 32, 0)};
  register_sweep(db, sample_sweep("one"), {jobs[0]});
  for (const JobRecord& job : jobs) {
    register_sweep(db, sample_sweep("s"), jobs);
    record_results(db, {sample_artifact(task_of(job, "score"), {{"silhouette", 0.25}}, 1)}, {},
              {{job.id, JobState::complete, ""}});
  }
  EXPECT_EQ(column(table(jobs, {}), "silhouette"), nullptr);
  const Json alone = job_table({db, store, "one", latest_revision(db, "one").value(), load_results(db, "one")});
  EXPECT_EQ(column(alone, "silhouette")["values"], Json({0.25}));
}

TEST_F(JobTableTest, AxesOfThisSweepAreColumns) {
  std::vector<JobRecord> jobs = {sample_job("AE1", "tsne", 2, 0), sample_job("AE1", "tsne", 2, 1),
                                 sample_job("AE1", "tsne", 2, 2)};
  const double rates[] = {0.001, 0.01, 0.001};
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].axes.emplace_back("learning_rate", rates[i]);
  jobs[0].axes.emplace_back("optimizer", "adam");
  jobs[1].axes.emplace_back("optimizer", "sgd");
  for (JobRecord& job : jobs) job.axes.emplace_back("tsne.dim", 2);
  const Json made = table(jobs, {});
  EXPECT_EQ(column(made, "learning_rate")["kind"], "real");
  EXPECT_EQ(column(made, "learning_rate")["values"], Json({0.001, 0.01, 0.001}));
  EXPECT_EQ(column(made, "optimizer")["levels"], Json({"adam", "sgd"}));
  EXPECT_EQ(column(made, "optimizer")["values"], Json({0, 1, nullptr}));
  EXPECT_EQ(column(made, "tsne.dim"), nullptr) << "reduced_dim says it";
}

}  // namespace
}  // namespace latentgrid
