// What the second report asks to be shown about eigenvalues, as checks of the code that uses it.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "reduce/pca.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using latentgrid::testing::random_groups;
using latentgrid::testing::random_points;
using latentgrid::testing::ref;

namespace {

Eigen::MatrixXd covariance_of(const Eigen::MatrixXd& points) {
  const Eigen::MatrixXd centred = points.rowwise() - points.colwise().mean();
  return centred.transpose() * centred / static_cast<double>(points.rows());
}

}  // namespace

TEST(Eigenvalues, OfAAtAndAtAAgreeWhereNotZero) {
  const Eigen::MatrixXd a = random_points(5, 9, 1).cast<double>();
  const Eigen::VectorXd small = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a * a.transpose()).eigenvalues();
  const Eigen::VectorXd large = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(a.transpose() * a).eigenvalues();
  EXPECT_LT((large.tail(5) - small).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_LT(large.head(4).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Eigenvalues, SoBothSidesOfPcaGiveOneResult) {
  const MatrixRf points = random_groups(30, 50, 3, 3, 2);  // fewer points than columns
  const Pca columns = pca(ref(points), {.width = 29, .side = PcaSide::covariance});
  const Pca rows = pca(ref(points), {.width = 29, .side = PcaSide::gram});
  EXPECT_LT((columns.explained_variance.array() / rows.explained_variance.array() - 1).abs().maxCoeff(), 1e-5);
  EXPECT_LT((columns.embedding - rows.embedding).cwiseAbs().maxCoeff(), 1e-3);
}

TEST(Eigenvalues, TheSmallestEigenvectorsMinimiseTheTrace) {
  const MatrixRf points = random_points(40, 6, 3);
  const Eigen::MatrixXd covariance = covariance_of(points.cast<double>());
  const Pca found = pca(ref(points), {.width = 6});
  constexpr int k = 2;
  const Eigen::MatrixXd smallest = found.components.bottomRows(k).transpose().cast<double>();
  const double least = (smallest.transpose() * covariance * smallest).trace();
  EXPECT_NEAR(least, found.explained_variance.tail(k).sum() * 39 / 40, 1e-6);
  for (int attempt = 0; attempt < 200; ++attempt) {
    const Eigen::MatrixXd any = random_points(6, k, 100 + attempt).cast<double>();
    const Eigen::MatrixXd phi =
        Eigen::HouseholderQR<Eigen::MatrixXd>(any).householderQ() * Eigen::MatrixXd::Identity(6, k);
    EXPECT_GT((phi.transpose() * covariance * phi).trace(), least - 1e-6);
  }
}

TEST(Eigenvalues, TwoMPointsHaveAGivenMeanAndCovariance) {
  // x = μ ± √(nλ_i/2)·u_i for every eigenpair of Σ, n = 2m: mean μ and covariance (1/n) Σ, exactly.
  constexpr int m = 4, n = 2 * m;
  const Eigen::MatrixXd root = random_points(m, m, 4).cast<double>();
  const Eigen::MatrixXd sigma = root * root.transpose();
  const Eigen::VectorXd mu = random_points(m, 1, 5).cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(sigma);
  Eigen::MatrixXd points(n, m);
  for (int i = 0; i < m; ++i) {
    const Eigen::VectorXd step = std::sqrt(n * eigen.eigenvalues()[i] / 2) * eigen.eigenvectors().col(i);
    points.row(2 * i) = mu + step;
    points.row(2 * i + 1) = mu - step;
  }
  EXPECT_LT((points.colwise().mean().transpose() - mu).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_LT((covariance_of(points) - sigma).cwiseAbs().maxCoeff(), 1e-13);
  const Pca found = pca(ref(points.cast<float>()), {.width = m});
  EXPECT_LT((found.explained_variance * (n - 1) / n - eigen.eigenvalues().reverse()).cwiseAbs().maxCoeff(), 1e-5);
}
