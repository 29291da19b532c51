#include "reduce/reduction.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const Json tsne_params = {{"dim", 2},
                          {"perplexity", 8.0},
                          {"early_exaggeration", 12.0},
                          {"early_exaggeration_iterations", 20},
                          {"learning_rate", 0.0},
                          {"initial_momentum", 0.5},
                          {"final_momentum", 0.8},
                          {"init", "pca"},
                          {"repulsion", "auto"},
                          {"min_gradient_norm", 0.0},
                          {"iterations_without_progress", 0}};

void ignore(std::int64_t, std::int64_t) {}

}  // namespace

TEST(Reduction, KnowsItsMethodsByName) {
  const MatrixRf points = random_points(10, 3, 1);
  try {
    make_reduction("paint", {.points = ref(points)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("no reduction is called 'paint'; there are pca, ")) << error.what();
  }
}

TEST(Reduction, EveryDimensionOfPcaIsASlice) {
  const MatrixRf points = random_groups(50, 9, 3, 4, 1);
  auto pca = make_reduction("pca", {.points = ref(points), .params = {{"width", 9}}});
  EXPECT_FALSE(pca->can_resume());
  EXPECT_EQ(pca->reached(), 0);
  pca->run_until(2, ignore);
  EXPECT_EQ(pca->reached(), 9);
  const ReductionSnapshot two = pca->snapshot(2), five = pca->snapshot(5);
  EXPECT_EQ(five.embedding.leftCols(2), two.embedding);
  EXPECT_EQ(five.arrays.at("components").matrix().topRows(2), two.arrays.at("components").matrix());
  EXPECT_EQ(five.arrays.at("explained_variance_ratio").shape, std::vector<std::int64_t>{5});
  EXPECT_EQ(five.arrays.at("mean").shape, std::vector<std::int64_t>{9});
  const auto& ratio = std::get<std::vector<float>>(five.arrays.at("explained_variance_ratio").values);
  EXPECT_NEAR(five.metrics.at("explained_variance"), std::accumulate(ratio.begin(), ratio.end(), 0.0), 1e-6);
  EXPECT_EQ(five.record.at("decomposed"), "covariance");
  EXPECT_THROW(pca->run_until(10, ignore), Error);
}

TEST(Reduction, WhitenedPcaIsThatOfScikitLearn) {
  const Json answer = sklearn_answer("whitened_pca");
  const MatrixRf points = matrix_of(answer.at("points"));
  auto pca = make_reduction("pca", {.points = ref(points), .params = {{"width", 7}, {"whiten", true}}});
  pca->run_until(3, ignore);
  const auto expected = matrix_of<Eigen::MatrixXd>(answer.at("embedding"));
  EXPECT_LT((pca->snapshot(3).embedding.cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-4);
  EXPECT_EQ(pca->snapshot(2).embedding, pca->snapshot(3).embedding.leftCols(2)) << "every dimension is a slice still";
}

TEST(Reduction, WhiteningLeavesADirectionWithoutVarianceAtZero) {
  MatrixRf points = random_points(20, 3, 1);
  points.col(2) = points.col(0) + points.col(1);
  auto pca = make_reduction("pca", {.points = ref(points), .params = {{"width", 3}, {"whiten", true}}});
  pca->run_until(3, ignore);
  EXPECT_EQ(pca->snapshot(3).embedding.col(2), Eigen::VectorXf::Zero(20));
  EXPECT_NEAR(pca->snapshot(3).embedding.col(0).squaredNorm() / 19, 1, 1e-5);
}

TEST(Reduction, TsneGoesOnFromASnapshotBitForBitWithOtherThreads) {
  const MatrixRf points = random_groups(80, 9, 3, 4, 2);
  for (const char* repulsion : {"exact", "grid"}) {
    Json params = tsne_params;
    params["repulsion"] = repulsion;
    const ReductionInput input{.points = ref(points), .params = params, .seed = 3};
    auto straight = make_reduction("tsne", input);
    straight->run_until(60, ignore);
    const ReductionSnapshot expected = straight->snapshot(60);
    for (std::int64_t stop : {10, 20, 45}) {
      auto first = make_reduction("tsne", input), second = make_reduction("tsne", input);
      first->run_until(stop, ignore);
      second->resume(first->snapshot(stop));
      EXPECT_EQ(second->reached(), stop);
      second->run_until(60, [&](std::int64_t done, std::int64_t) { second->set_threads(done % 2 == 0 ? 3 : 1); });
      const ReductionSnapshot found = second->snapshot(60);
      EXPECT_EQ(found.embedding, expected.embedding);
      EXPECT_EQ(found.arrays.at("velocity").values, expected.arrays.at("velocity").values);
      EXPECT_EQ(found.arrays.at("gains").values, expected.arrays.at("gains").values);
      EXPECT_EQ(found.state, expected.state);
      EXPECT_EQ(found.metrics, expected.metrics);
      EXPECT_EQ(found.record, expected.record);
    }
  }
}

TEST(Reduction, TsneRecordsWhatWasChosen) {
  const MatrixRf points = random_groups(80, 9, 3, 4, 2);
  auto tsne = make_reduction("tsne", {.points = ref(points), .params = tsne_params, .seed = 3});
  tsne->run_until(30, ignore);
  const ReductionSnapshot found = tsne->snapshot(30);
  EXPECT_EQ(found.record.at("learning_rate"), 50);
  EXPECT_EQ(found.record.at("neighbors"), 25);
  EXPECT_EQ(found.record.at("degrees_of_freedom"), 1);
  EXPECT_EQ(found.record.at("init"), "pca");
  EXPECT_EQ(found.record.at("iterations"), 30);
  EXPECT_EQ(found.record.at("stopped_early"), false);
  EXPECT_GT(found.record.at("kl_divergence_after_exaggeration"), found.metrics.at("kl_divergence"));
}

TEST(Reduction, AfterAnEarlyStopLaterExtentsAreReachedAtOnce) {
  const MatrixRf points = random_groups(80, 9, 3, 4, 2);
  Json params = tsne_params;
  params["min_gradient_norm"] = 1e3;
  auto tsne = make_reduction("tsne", {.points = ref(points), .params = params});
  tsne->run_until(100, ignore);
  const ReductionSnapshot first = tsne->snapshot(100);
  tsne->run_until(1000, ignore);
  EXPECT_EQ(tsne->reached(), 1000);
  const ReductionSnapshot second = tsne->snapshot(1000);
  EXPECT_EQ(first.embedding, second.embedding);
  EXPECT_EQ(second.record.at("iterations"), 50);
  EXPECT_EQ(second.record.at("stopped_early"), true);
}

TEST(Reduction, TsneTakesNeighborsThatAreKnown) {
  const MatrixRf points = random_groups(80, 9, 3, 4, 2);
  ReductionInput input{.points = ref(points), .params = tsne_params};
  auto own = make_reduction("tsne", input);
  struct KnowsMore : Services {
    std::int64_t asked = 0;
    Neighbors neighbors(ConstMatrixRef all, std::int64_t k, int threads) override {
      asked = k;
      return nearest_neighbors(all, 60, threads).first(k);
    }
  } services;
  input.services = &services;
  auto given = make_reduction("tsne", input);
  own->run_until(30, ignore);
  given->run_until(30, ignore);
  EXPECT_EQ(services.asked, 25);
  EXPECT_EQ(own->snapshot(30).embedding, given->snapshot(30).embedding);
}
