#include "score/silhouette.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

TEST(Silhouette, IsThatOfScikitLearn) {
  const Json answer = sklearn_answer("kmeans");
  const MatrixRf points = matrix_of(answer.at("points"));
  const auto clusters = answer.at("labels").get<std::vector<std::int32_t>>();
  EXPECT_NEAR(silhouette(ref(points), clusters, 1), answer.at("silhouette").get<double>(), 1e-6);
  for (int threads : {2, 3})
    EXPECT_EQ(silhouette(ref(points), clusters, threads), silhouette(ref(points), clusters, 1));
}

TEST(Silhouette, OfThreePointsByHand) {
  MatrixRf points(3, 1);
  points << 0, 1, 5;
  // (5 - 1)/5, (4 - 1)/4, and 0 for the point alone; cluster 1 holds nothing.
  EXPECT_NEAR(silhouette(ref(points), std::vector<std::int32_t>{0, 0, 2}, 1), (0.8 + 0.75) / 3, 1e-7);
}

TEST(Silhouette, NoiseIsAClusterOfItsOwn) {
  const Json answer = sklearn_answer("noise");
  const MatrixRf points = matrix_of(answer.at("points"));
  const auto clusters = answer.at("clusters").get<std::vector<std::int32_t>>();
  EXPECT_NEAR(silhouette(ref(points), clusters, 1), answer.at("silhouette_of_all").get<double>(), 1e-6);
  EXPECT_GT(std::abs(answer.at("silhouette_of_all").get<double>() - answer.at("silhouette_without_noise").get<double>()), 0.01);
  MatrixRf three(3, 1);
  three << 0, 1, 5;
  EXPECT_NEAR(silhouette(ref(three), std::vector<std::int32_t>{0, 0, -1}, 1), (0.8 + 0.75) / 3, 1e-7);
  EXPECT_THROW(silhouette(ref(three), std::vector<std::int32_t>{-1, -1, -1}, 1), Error);
}

TEST(Silhouette, NeedsAtLeastTwoClustersAndFewerThanPoints) {
  const MatrixRf points = random_points(3, 2, 1);
  EXPECT_THROW(silhouette(ref(points), std::vector<std::int32_t>{0, 0, 0}, 1), Error);
  EXPECT_THROW(silhouette(ref(points), std::vector<std::int32_t>{0, 1, 2}, 1), Error);
  EXPECT_THROW(silhouette(ref(points), std::vector<std::int32_t>{0, 1}, 1), Error);
}
