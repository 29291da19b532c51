// The second report's PCA of ten points in three dimensions, worked out there by hand. Mean, centred matrix, covariance
// and eigenvalues are right in the report. Its projections and its error 29.76 are not: it multiplies by the rows of
// the matrix of eigenvectors, whose columns are the axes, and projects x without the mean. The projections and errors
// below were computed with NumPy in float64.
#include <gtest/gtest.h>

#include "reduce/pca.hpp"
#include "support/golden.hpp"

using namespace latentgrid;
using latentgrid::testing::ref;

namespace {

constexpr int n = 10;

MatrixRf ten_points() {
  MatrixRf points(n, 3);
  points << 1, 2, 3, 4, 8, 5, 3, 12, 9, 1, 8, 5, 5, 14, 2, 7, 4, 1, 9, 8, 9, 3, 8, 1, 11, 5, 6, 10, 11, 7;
  return points;
}

Pca ten_points_pca() {
  return pca(ref(ten_points()), {.width = 3});
}

// What is lost by keeping the first two axes, one row a point.
Eigen::MatrixXd residuals() {
  const Pca found = ten_points_pca();
  const Eigen::MatrixXd centred = (ten_points().rowwise() - found.mean.transpose()).cast<double>();
  const Eigen::MatrixXd axes = found.components.topRows(2).cast<double>();
  return centred - centred * axes.transpose() * axes;
}

}  // namespace

TEST(PcaByHand, MeanAndCovarianceWithOneOverN) {
  const Pca found = ten_points_pca();
  EXPECT_LT((found.mean - Eigen::Vector3f(5.4f, 8, 4.8f)).norm(), 1e-6);
  const Eigen::MatrixXd centred = (ten_points().rowwise() - found.mean.transpose()).cast<double>();
  Eigen::Matrix3d expected;
  expected << 12.04, 0.5, 3.28, 0.5, 12.2, 2.9, 3.28, 2.9, 8.16;
  EXPECT_LT((centred.transpose() * centred / n - expected).cwiseAbs().maxCoeff(), 1e-5);
}

TEST(PcaByHand, Eigenvalues) {
  // Variances are divided by n - 1, as in scikit-learn; the report divides by n.
  const Eigen::VectorXd eigenvalues = ten_points_pca().explained_variance * (n - 1) / n;
  EXPECT_NEAR(eigenvalues[0], 15.297, 5e-4);
  EXPECT_NEAR(eigenvalues[1], 11.631, 5e-4);
  EXPECT_NEAR(eigenvalues[2], 5.472, 5e-4);
}

TEST(PcaByHand, AxesWithTheLargestLoadingPositive) {
  Eigen::Matrix3f expected;
  expected << .617f, .589f, .523f, -.678f, .734f, -.027f, -.400f, -.338f, .852f;
  EXPECT_LT((ten_points_pca().components - expected).cwiseAbs().maxCoeff(), 6e-4);
}

TEST(PcaByHand, CentredProjections) {
  Eigen::Matrix<float, n, 2> expected;
  expected.col(0) << -7.19f, -.76f, 3.07f, -2.61f, 1.82f, -3.35f, 4.41f, -3.47f, 2.31f, 5.75f;
  expected.col(1) << -1.37f, .94f, 4.45f, 2.98f, 4.75f, -3.92f, -2.56f, 1.73f, -6.03f, -.98f;
  EXPECT_LT((ten_points_pca().embedding.leftCols(2) - expected).cwiseAbs().maxCoeff(), 6e-3);
}

TEST(PcaByHand, ErrorsOfTwoAxes) {
  const Eigen::MatrixXd lost = residuals();
  EXPECT_NEAR(lost.squaredNorm(), 54.720, 5e-4);
  EXPECT_NEAR(lost.rowwise().norm().sum(), 20.478, 5e-4);
  EXPECT_NEAR(lost.rowwise().norm().mean(), 2.048, 5e-4);
  const double smallest = ten_points_pca().explained_variance[2] * (n - 1) / n;
  EXPECT_NEAR(lost.squaredNorm(), n * smallest, 1e-4) << "what is lost is n times the smallest eigenvalue";
}
