#include "measures/job_measures.hpp"

#include <algorithm>

#include "score/calinski_harabasz.hpp"
#include "score/grouped_partition.hpp"
#include "score/silhouette.hpp"
#include "unit/measures/measured_sweep.hpp"

namespace latentgrid {
namespace {

using namespace latentgrid::testing;
using Value = std::optional<double>;

double ari(const Clusters& a, const Clusters& b) {
  return GroupedPartition(a).adjusted_rand_index(GroupedPartition(b));
}

const Clusters first{0, 0, 0, 1, 1, 1}, same{1, 1, 1, 0, 0, 0}, near{0, 0, 1, 1, 1, 1}, far{0, 1, 0, 1, 0, 1},
    noisy{-1, 0, 0, 1, 1, -1};

struct JobMeasuresTest : MeasuredSweep {
  JobMeasures measure(const MeasureRequest& request = {}) {
    const ResultsDb db = ResultsDb::open_for_reading(results.database());
    const std::int64_t revision = read_rows(db);
    return measure_jobs(db, store, revision, all_rows(), request);
  }
  static Value value(const JobMeasures& measures, std::size_t job, const char* name) {
    return measures.of_job[job][place_of(*find_measure(name))];
  }
};

TEST_F(JobMeasuresTest, AgreementIsWithOtherSettingsAndStabilityWithinOne) {
  add(sample_job("raw", "pca", 8, 0), first);
  add(sample_job("raw", "pca", 8, 1), near);
  add(sample_job("raw", "pca", 8, 2), far);
  add(sample_job("raw", "tsne", 2, 0), same);
  add(sample_job("raw", "tsne", 2, 1), noisy);
  record();
  const JobMeasures found = measure();
  EXPECT_EQ(found.settings, 2u);
  EXPECT_EQ(found.clusterings, 5u);
  EXPECT_EQ(found.compared, 5u);
  EXPECT_EQ(found.images, 6);
  EXPECT_DOUBLE_EQ(value(found, 0, "agreement").value(), (1 + ari(first, noisy)) / 2);
  EXPECT_DOUBLE_EQ(value(found, 4, "agreement").value(), (ari(noisy, first) + ari(noisy, near) + ari(noisy, far)) / 3);
  const double of_pca = (ari(first, near) + ari(first, far) + ari(near, far)) / 3;
  for (std::size_t job : {0, 1, 2}) EXPECT_DOUBLE_EQ(value(found, job, "stability").value(), of_pca);
  EXPECT_DOUBLE_EQ(value(found, 3, "stability").value(), ari(same, noisy));
  EXPECT_FALSE(value(found, 0, "silhouette_in")) << "no space is named";
  EXPECT_EQ(found.omission, "");
}

TEST_F(JobMeasuresTest, OneSeedHasNoStabilityAndOneSettingNoAgreement) {
  add(sample_job("raw", "pca", 8, 0), first);
  add(sample_job("raw", "tsne", 2, 0), near);
  record();
  JobMeasures found = measure();
  EXPECT_FALSE(value(found, 0, "stability"));
  EXPECT_DOUBLE_EQ(value(found, 1, "agreement").value(), ari(first, near));
}

TEST_F(JobMeasuresTest, SeedsOfOneSettingAreNoOtherJobs) {
  add(sample_job("raw", "pca", 8, 0), first);
  add(sample_job("raw", "pca", 8, 1), near);
  record();
  const JobMeasures found = measure();
  EXPECT_FALSE(value(found, 0, "agreement"));
  EXPECT_DOUBLE_EQ(value(found, 0, "stability").value(), ari(first, near));
}

TEST_F(JobMeasuresTest, ASharedClusteringCountsOnce) {
  // Two seeds of a method that draws nothing at random have one artifact.
  JobRecord second = sample_job("raw", "pca", 8, 0);
  second.seed = 1;
  second.key = sha256_hex("another seed");
  second.id = second.key.substr(0, 12);
  add(sample_job("raw", "pca", 8, 0), first);
  add(second, first);
  add(sample_job("raw", "tsne", 2, 0), near);
  add(sample_job("AE1", "tsne", 2, 0), far);
  record();
  const JobMeasures found = measure();
  EXPECT_EQ(found.complete, 4u);
  EXPECT_EQ(found.clusterings, 3u);
  EXPECT_EQ(value(found, 0, "stability"), 1);
  EXPECT_DOUBLE_EQ(value(found, 2, "agreement").value(), (ari(near, first) + ari(near, far)) / 2);
}

TEST_F(JobMeasuresTest, WhatIsNotCompleteOrCannotBeReadIsLeftOut) {
  add(sample_job("raw", "pca", 8, 0), first);
  add(sample_job("raw", "tsne", 2, 0), near);
  const JobRecord lost = add(sample_job("AE1", "tsne", 2, 0), far);
  add(sample_job("AE2", "tsne", 2, 0), far);
  record(1);
  std::filesystem::remove_all(folder_of(store, lost, "cluster"));
  const JobMeasures found = measure();
  EXPECT_EQ(found.complete, 3u);
  EXPECT_DOUBLE_EQ(value(found, 0, "agreement").value(), ari(first, near));
  EXPECT_FALSE(value(found, 2, "agreement"));
  EXPECT_FALSE(value(found, 3, "agreement"));
  EXPECT_NE(found.omission.find("the clusters of job " + lost.id + " cannot be read: "), std::string::npos)
      << found.omission;
}

TEST_F(JobMeasuresTest, OfManyClusteringsTheSameOnesAreDrawnWhateverTheOrder) {
  for (std::int64_t dim = 1; dim <= 110; ++dim) {
    for (std::int64_t seed : {0, 1}) {
      Clusters clusters;
      for (std::int64_t i = 0; i < 12; ++i) clusters.push_back(static_cast<std::int32_t>((i * dim + seed) % 5 % 3));
      // sample_job()'s PCA is one task whatever its dim.
      add(sample_job("raw", "tsne", dim, seed), clusters);
    }
  }
  record();
  const JobMeasures found = measure();
  EXPECT_EQ(found.clusterings, 220u);
  EXPECT_EQ(found.compared, most_compared);
  const ResultsDb db = ResultsDb::open_for_reading(results.database());
  const std::int64_t revision = read_rows(db);
  std::vector<const ResultRow*> turned = all_rows();
  std::reverse(turned.begin(), turned.end());
  const JobMeasures again = measure_jobs(db, store, revision, turned, {.threads = 3});
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    ASSERT_TRUE(value(found, job, "agreement"));
    EXPECT_NEAR(value(found, job, "agreement").value(), value(again, jobs.size() - 1 - job, "agreement").value(),
                1e-12);
  }
}

TEST_F(JobMeasuresTest, SilhouettesAreTakenInTheSpaceThatIsNamed) {
  const JobRecord raw = add(sample_job("raw", "pca", 8, 0), first);
  const JobRecord tsne = add(sample_job("raw", "tsne", 2, 0), noisy);
  add(sample_job("AE1", "tsne", 2, 0), Clusters{0, 0, 0, 0, 0, 0});
  record();
  const std::vector<std::uint8_t> pixels{0, 10, 2, 11, 4, 9, 100, 50, 101, 53, 99, 49};
  write_npy(folder_of(store, raw, "load") / "images.npy", std::span(pixels), {6, 1, 2, 1});
  const std::vector<float> embedded{0, 1, 5, 2, 8, 9};
  write_npy(folder_of(store, tsne, "reduce") / "embedding.npy", std::span(embedded), {6, 1});
  const ResultsDb db = ResultsDb::open_for_reading(results.database());
  const std::int64_t revision = read_rows(db);
  MatrixRf of_pixels(6, 2), of_tsne(6, 1);
  for (int i = 0; i < 12; ++i) of_pixels.data()[i] = pixels[static_cast<std::size_t>(i)];
  for (int i = 0; i < 6; ++i) of_tsne.data()[i] = embedded[static_cast<std::size_t>(i)];
  for (const auto& [name, points] :
       {std::pair(std::string("raw"), of_pixels), std::pair(tsne.id.substr(0, 8), of_tsne)}) {
    const CommonSpace space = find_common_space(db, all_rows(), name);
    std::vector<double> shares;
    const JobMeasures found = measure_jobs(db, store, revision, all_rows(), {.space = space, .threads = 2});
    const ConstMatrixRef matrix(points.data(), points.rows(), points.cols());
    EXPECT_EQ(value(found, 0, "silhouette_in"), silhouette(matrix, first, 1));
    EXPECT_EQ(value(found, 1, "silhouette_in"), silhouette(matrix, noisy, 1));
    EXPECT_EQ(value(found, 1, "calinski_harabasz_in"), calinski_harabasz(matrix, noisy));
    EXPECT_FALSE(value(found, 2, "silhouette_in")) << "one cluster has no silhouette";
    EXPECT_EQ(found.scored_images, 6);
  }
}

}  // namespace
}  // namespace latentgrid
