// Division of every vector by its length.
#include <gtest/gtest.h>

#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

namespace latentgrid {
std::unique_ptr<Reduction> make_l2_normalize(const ReductionInput& input);
}

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

MatrixRf normalized(const MatrixRf& points, int threads = 1) {
  auto reduction = make_l2_normalize({.points = ref(points), .threads = threads});
  reduction->run_until(0, [](std::int64_t, std::int64_t) {});
  return reduction->snapshot(0).embedding;
}

}  // namespace

TEST(L2Normalize, IsThatOfScikitLearn) {
  const MatrixRf points = matrix_of(golden_answer("method_answers.json", "points").at("wine"));
  const auto expected = matrix_of<Eigen::MatrixXd>(golden_answer("method_answers.json", "normalize"));
  EXPECT_LT((normalized(points).topRows(8).cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(L2Normalize, AVectorOfLengthZeroStaysZeroAndExtremeOnesGetLengthOne) {
  MatrixRf points = random_points(6, 3, 1);
  points.row(1).setZero();
  points.row(2).setConstant(3e38f);
  points.row(3).setConstant(1e-40f);
  const MatrixRf found = normalized(points);
  EXPECT_TRUE(found.row(1).isZero(0));
  for (Eigen::Index i : {0, 2, 3, 4, 5}) EXPECT_NEAR(found.row(i).norm(), 1, 1e-6) << i;
}

TEST(L2Normalize, BitsDoNotDependOnThreads) {
  const MatrixRf points = random_points(3000, 7, 2);
  EXPECT_TRUE(normalized(points, 1) == normalized(points, 3));
}
