// Standardization of every dimension.
#include <gtest/gtest.h>

#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

ReductionSnapshot standardized(const MatrixRf& points, int threads = 1) {
  auto reduction = make_reduction("standardize", {.points = ref(points), .threads = threads});
  reduction->run_until(0, [](std::int64_t, std::int64_t) {});
  return reduction->snapshot(0);
}

}  // namespace

TEST(Standardize, IsThatOfScikitLearn) {
  const Json answer = sklearn_answer("standardize");
  const ReductionSnapshot found = standardized(matrix_of(answer.at("points")));
  const auto expected = matrix_of<Eigen::MatrixXd>(answer.at("scaled"));
  EXPECT_LT((found.embedding.cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-6);
  const auto& scale = std::get<std::vector<float>>(found.arrays.at("scale").values);
  const auto& mean = std::get<std::vector<float>>(found.arrays.at("mean").values);
  for (std::size_t j = 0; j < scale.size(); ++j) {
    EXPECT_NEAR(scale[j] / answer.at("scale")[j].get<double>(), 1, 1e-6) << j;
    EXPECT_NEAR(mean[j], answer.at("mean")[j].get<double>(), 1e-6 * std::max(1.0, std::abs(mean[j] * 1.0))) << j;
  }
}

TEST(Standardize, AConstantDimensionBecomesZeroExactly) {
  MatrixRf points = random_points(50, 3, 1);
  points.col(1).setConstant(0.1f);
  const ReductionSnapshot found = standardized(points);
  EXPECT_EQ(found.embedding.col(1), Eigen::VectorXf::Zero(50));
  EXPECT_EQ(std::get<std::vector<float>>(found.arrays.at("scale").values)[1], 1.0f);
  EXPECT_EQ(standardized(MatrixRf::Constant(1, 2, 5)).embedding, MatrixRf::Zero(1, 2));
}

TEST(Standardize, BitsDoNotDependOnThreads) {
  const MatrixRf points = random_points(200, 300, 2);
  EXPECT_EQ(standardized(points, 1).embedding, standardized(points, 3).embedding);
}
