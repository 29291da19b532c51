#include "report/job_names.hpp"

#include "unit/report/chart_fixture.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct JobNamesTest : ChartTest {
  static std::vector<std::string> jobs(const ReportData& data, const JobNames& names) {
    std::vector<std::string> all;
    for (const ResultRow& row : data.rows) all.push_back(names.job(row));
    return all;
  }
};

TEST_F(JobNamesTest, SayWhatVariesAndNothingElse) {
  const ReportData data = data_of({{.k = 2, .axes = {{"kmeans.n_init", 1}}},
                                   {.k = 2, .axes = {{"kmeans.n_init", 10}}},
                                   {.k = 10, .axes = {{"kmeans.n_init", 10}}},
                                   {.k = 10, .learning_rate = 0.01, .axes = {{"kmeans.n_init", 10}}},
                                   {.architecture = "raw", .k = 10, .axes = {{"kmeans.n_init", 10}, {"pca.whiten", true}}},
                                   {.architecture = "raw", .k = 10, .axes = {{"kmeans.n_init", 10}, {"pca.whiten", false}}}});
  EXPECT_EQ(jobs(data, JobNames(data)),
            (std::vector<std::string>{"AE1 + PCA(dim = 32), 20 epochs, k 2, kmeans.n_init 1, learning_rate 0.001, seed 0",
                                      "AE1 + PCA(dim = 32), 20 epochs, k 2, kmeans.n_init 10, learning_rate 0.001, seed 0",
                                      "AE1 + PCA(dim = 32), 20 epochs, k 10, kmeans.n_init 10, learning_rate 0.001, seed 0",
                                      "AE1 + PCA(dim = 32), 20 epochs, k 10, kmeans.n_init 10, learning_rate 0.01, seed 0",
                                      "raw pixels + PCA(dim = 32), k 10, kmeans.n_init 10, pca.whiten true, seed 0",
                                      "raw pixels + PCA(dim = 32), k 10, kmeans.n_init 10, pca.whiten false, seed 0"}));
  const JobNames two(data, {2, 3});
  EXPECT_EQ(two.job(data.rows[2]), "AE1 + PCA(dim = 32), 20 epochs, learning_rate 0.001, seed 0") << "their k is the same";
  EXPECT_EQ(two.setting(data.rows[3]), "learning_rate 0.01");
  EXPECT_EQ(two.training(data.rows[3]), "AE1 after 20 epochs, learning_rate 0.01, seed 0");
}

TEST_F(JobNamesTest, SayTheClusteringByItsNameAlone) {
  std::vector<JobRecord> records = {sample_job(SampleCell{}), sample_job(SampleCell{})};
  records[1].clustering = "gmm";
  records[1].key = sha256_hex("another");
  records[1].id = records[1].key.substr(0, 12);
  for (auto& [axis, value] : records[1].axes) {
    if (axis == "clustering") value = "gmm";
  }
  register_sweep(db, sample_sweep("grid"), records);
  const ReportData data{db, store, "grid", *latest_revision(db, "grid"), load_results(db, "grid")};
  EXPECT_EQ(jobs(data, JobNames(data)), (std::vector<std::string>{"AE1 + PCA(dim = 32), 20 epochs, k-means, seed 0",
                                                                  "AE1 + PCA(dim = 32), 20 epochs, Gaussian mixture, seed 0"}));
}

TEST_F(JobNamesTest, SayHowLongATrainingWasThatEndedEarly) {
  const ReportData data = data_of({{.epochs = 12, .seed = 0, .train_metrics = {{"epochs_run", 5}, {"best_epoch", 3}}},
                                   {.epochs = 12, .seed = 1, .train_metrics = {{"epochs_run", 12}, {"best_epoch", 9}}},
                                   {.epochs = 12, .seed = 2, .train_metrics = {{"epochs_run", 12}, {"best_epoch", 12}}},
                                   {.epochs = 12, .seed = 3, .train_metrics = {{"epochs_run", 1}}},
                                   {.epochs = 1, .seed = 4}});
  std::vector<std::string> all;
  for (const ResultRow& row : data.rows) all.push_back(epochs_text(row));
  EXPECT_EQ(all, (std::vector<std::string>{"epoch 3 of 5 (at most 12)", "epoch 9 of 12", "12 epochs", "1 epoch (at most 12)", "1 epoch"}));
  EXPECT_EQ(JobNames(data).training(data.rows[0]), "AE1 after epoch 3 of 5 (at most 12), seed 0");
  EXPECT_EQ(JobNames(data).job(data.rows[0]), "AE1 + PCA(dim = 32), epoch 3 of 5 (at most 12), seed 0");
}

TEST_F(JobNamesTest, JobsOfOneSettingDifferInEpochsAndSeed) {
  const ReportData data = data_of({{.latent = "8"}, {.latent = "8", .epochs = 5, .seed = 1}, {.latent = "16"}});
  const JobNames names(data);
  EXPECT_EQ(names.setting(data.rows[0]), "AE1(8)");
  EXPECT_EQ(names.setting_key(data.rows[0]), names.setting_key(data.rows[1]));
  EXPECT_NE(names.setting_key(data.rows[0]), names.setting_key(data.rows[2]));
}

}  // namespace
}  // namespace latentgrid
