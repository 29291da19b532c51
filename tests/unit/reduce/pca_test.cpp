#include "reduce/pca.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <tuple>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

template <typename A, typename B>
double largest_difference(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  return (a.template cast<double>() - b.template cast<double>()).cwiseAbs().maxCoeff();
}

double departure_from_orthonormal(const MatrixRf& components) {
  const Eigen::MatrixXd c = components.cast<double>();
  return (c * c.transpose() - Eigen::MatrixXd::Identity(c.rows(), c.rows())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST(Pca, IsThatOfScikitLearn) {
  const Json answer = sklearn_answer("pca");
  const MatrixRf points = matrix_of(answer.at("points"));
  for (PcaSide side : {PcaSide::covariance, PcaSide::gram}) {
    const Pca found = pca(ref(points), {.width = 7, .side = side});
    EXPECT_LT(largest_difference(found.components, matrix_of<Eigen::MatrixXd>(answer.at("components"))), 1e-5);
    EXPECT_LT(largest_difference(found.embedding, matrix_of<Eigen::MatrixXd>(answer.at("embedding"))), 1e-4);
    const auto variance = matrix_of<Eigen::MatrixXd>(answer.at("explained_variance"));
    const auto ratio = matrix_of<Eigen::MatrixXd>(answer.at("explained_variance_ratio"));
    EXPECT_LT((found.explained_variance.array() / variance.array() - 1).abs().maxCoeff(), 1e-5);
    EXPECT_LT((found.explained_variance_ratio().array() / ratio.array() - 1).abs().maxCoeff(), 1e-5);
  }
}

TEST(Pca, GramSideEqualsCovarianceSide) {
  for (auto [rows, columns] : {std::pair(60, 25), std::pair(25, 60)}) {
    const MatrixRf points = random_groups(rows, columns, 3, 4, rows);
    const Pca covariance = pca(ref(points), {.width = 20, .side = PcaSide::covariance});
    const Pca gram = pca(ref(points), {.width = 20, .side = PcaSide::gram});
    EXPECT_LT((covariance.explained_variance.array() / gram.explained_variance.array() - 1).abs().maxCoeff(), 1e-5);
    EXPECT_LT(largest_difference(covariance.components, gram.components), 1e-4);
    EXPECT_LT(largest_difference(covariance.embedding, gram.embedding), 1e-3);
    EXPECT_EQ(pca(ref(points), {.width = 20}).side, rows < columns ? PcaSide::gram : PcaSide::covariance);
  }
}

TEST(Pca, VariancesEqualThoseOfAFullDecompositionInDoublePrecision) {
  MatrixRf points = random_points(300, 120, 5);
  for (Eigen::Index j = 0; j < 120; ++j) points.col(j) *= std::pow(0.93f, static_cast<float>(j));  // down to 2e-4
  points.array() += 10;
  const Pca found = pca(ref(points), {.width = 64});
  const Eigen::MatrixXd centred = points.cast<double>().rowwise() - points.cast<double>().colwise().mean();
  const Eigen::MatrixXd covariance = centred.transpose() * centred / 299;
  const Eigen::VectorXd ascending = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(covariance).eigenvalues();
  EXPECT_LT((found.explained_variance.array() / ascending.reverse().head(64).array() - 1).abs().maxCoeff(), 1e-5);
  EXPECT_NEAR(found.total_variance, centred.squaredNorm() / 299, 1e-5 * found.total_variance);
}

// From 512 columns on a few directions are found by iteration.
TEST(Pca, FewDirectionsOfManyColumnsAreThoseOfAFullDecomposition) {
  MatrixRf points = random_points(700, 520, 6);
  for (Eigen::Index j = 0; j < 520; ++j) points.col(j) /= std::pow(static_cast<float>(j + 1), 0.8f);  // as images' spectra
  const Pca iterated = pca(ref(points), {.width = 32}), full = pca(ref(points), {.width = 520});
  EXPECT_LT((iterated.explained_variance.array() / full.explained_variance.head(32).array() - 1).abs().maxCoeff(), 1e-5);
  EXPECT_LT(departure_from_orthonormal(iterated.components), 1e-5);
  for (Eigen::Index d = 0; d < 32; ++d) {
    EXPECT_GT(std::abs(iterated.components.row(d).dot(full.components.row(d))), 0.999) << d;
  }
}

// Nothing stands out: iteration would need as many directions as there are.
TEST(Pca, AFlatSpectrumIsLeftToLapack) {
  for (const auto& [rows, columns] : {std::pair{1500, 820}, {1000, 1100}}) {  // the covariance; the points themselves
    const MatrixRf points = random_points(rows, columns, 7);
    const Pca narrow = pca(ref(points), {.width = 64}), wide = pca(ref(points), {.width = 400});  // LAPACK's
    EXPECT_LT((narrow.explained_variance.array() / wide.explained_variance.head(64).array() - 1).abs().maxCoeff(), 1e-5);
  }
}

TEST(Pca, ANarrowDecompositionIsASliceOfAWideOneUpToRounding) {
  const MatrixRf points = random_groups(80, 30, 4, 3, 2);
  const Pca wide = pca(ref(points), {.width = 30}), narrow = pca(ref(points), {.width = 4});
  EXPECT_LT(largest_difference(wide.embedding.leftCols(4), narrow.embedding), 1e-3);
}

TEST(Pca, TheLargestLoadingIsPositive) {
  const Pca found = pca(ref(random_points(50, 12, 3)), {.width = 12});
  for (Eigen::Index d = 0; d < 12; ++d) {
    EXPECT_EQ(found.components.row(d).maxCoeff(), found.components.row(d).cwiseAbs().maxCoeff());
  }
}

TEST(Pca, TheSameThreadsGiveTheSameBits) {
  const MatrixRf points = random_points(200, 90, 4);
  for (int threads : {1, 2}) {
    const Pca a = pca(ref(points), {.width = 64, .threads = threads}),
              b = pca(ref(points), {.width = 64, .threads = threads});
    EXPECT_EQ(a.embedding, b.embedding);
    EXPECT_EQ(a.components, b.components);
  }
}

TEST(Pca, DirectionsWithoutVarianceCompleteTheBasis) {
  MatrixRf points = MatrixRf::Zero(12, 9);
  points.leftCols(2) = random_points(12, 2, 6);
  for (PcaSide side : {PcaSide::covariance, PcaSide::gram}) {
    const Pca found = pca(ref(points), {.width = 9, .side = side});
    EXPECT_LT(departure_from_orthonormal(found.components), 1e-5);
    EXPECT_EQ(found.explained_variance.tail(7), Eigen::VectorXd::Zero(7));
    EXPECT_EQ(found.embedding.rightCols(7), MatrixRf::Zero(12, 7));
    EXPECT_NEAR(found.explained_variance_ratio().sum(), 1, 1e-6);
  }
  const Pca none = pca(ref(MatrixRf::Ones(5, 3)), {.width = 3});
  EXPECT_EQ(none.explained_variance_ratio(), Eigen::VectorXd::Zero(3));
}

// With fewer points than columns, where the points themselves are multiplied: NaN once.
TEST(Pca, FewerPointsThanColumnsWithoutVarianceAreZeros) {
  // LAPACK's, and from 512 points on those of block_krylov.hpp
  for (const auto& [rows, columns, width] : {std::tuple{5, 9, 5}, {2, 64, 2}, {600, 700, 8}}) {
    const Pca found = pca(ref(MatrixRf::Constant(rows, columns, 0.3f)), {.width = width});
    EXPECT_EQ(found.side, PcaSide::gram);
    EXPECT_EQ(found.embedding, MatrixRf::Zero(rows, width));
    EXPECT_EQ(found.explained_variance, Eigen::VectorXd::Zero(width));
    EXPECT_EQ(found.explained_variance_ratio(), Eigen::VectorXd::Zero(width));
    EXPECT_LT(departure_from_orthonormal(found.components), 1e-6);
  }
}

// A product of whole numbers has exactly the rank of its factors.
TEST(Pca, PointsInFewerDimensionsHaveZerosInTheOthers) {
  for (const auto& [rows, columns, rank, width] :
       {std::tuple{12, 9, 2, 9}, {2000, 64, 10, 20}, {60, 700, 3, 8}, {700, 800, 2, 16}, {3000, 512, 5, 16}}) {
    const MatrixRf whole = (random_points(rows, rank, 4) * 8).array().round();
    const MatrixRf mix = (random_points(rank, columns, 5) * 8).array().round();
    for (const float unit : {1.0f, 0.1f}) {
      const MatrixRf points = whole * mix * unit;
      const Pca found = pca(ref(points), {.width = width});
      EXPECT_GT(found.explained_variance_ratio()[rank - 1], 1e-3);
      EXPECT_EQ(found.embedding.rightCols(width - rank), MatrixRf::Zero(rows, width - rank)) << rows << "x" << columns;
      EXPECT_EQ(found.explained_variance.tail(width - rank), Eigen::VectorXd::Zero(width - rank));
    }
  }
}

// Far below the largest, but not rounding.
TEST(Pca, ASmallVarianceIsNotTakenForRounding) {
  MatrixRf points = random_points(300, 6, 7);
  points.col(3) *= 1e-6f;
  const Pca found = pca(ref(points), {.width = 6});
  EXPECT_NEAR(found.explained_variance_ratio()[5], 1e-12 / 5, 1e-13);
  EXPECT_GT(found.embedding.col(5).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(Pca, TwoDistinctPointsSpanOneDirectionOnEitherSide) {
  for (const auto& [rows, columns] : {std::pair{32, 64}, {2, 64}, {100, 64}, {600, 700}}) {
    MatrixRf points = MatrixRf::Constant(rows, columns, -1);
    for (Eigen::Index i = 0; i < rows; i += 2) points.row(i).setConstant(1);
    const Pca found = pca(ref(points), {.width = 2});
    EXPECT_LT(departure_from_orthonormal(found.components), 1e-6);
    EXPECT_NEAR(found.embedding.col(0).cwiseAbs().minCoeff(), std::sqrt(static_cast<float>(columns)), 1e-4);
    EXPECT_EQ(found.embedding.col(1), Eigen::VectorXf::Zero(rows)) << rows;
    EXPECT_NEAR(found.explained_variance_ratio()[0], 1, 1e-6);
    EXPECT_EQ(found.explained_variance_ratio()[1], 0);
  }
}

// Squares of such coordinates are 0 or infinite in float32.
TEST(Pca, TinyAndHugePointsAreScaledExactly) {
  for (const auto& [rows, columns] : {std::pair{40, 12}, {12, 40}}) {
    const MatrixRf points = random_points(rows, columns, 8);
    const Pca plain = pca(ref(points), {.width = 6});
    for (const float unit : {0x1p-100f, 0x1p100f}) {
      const MatrixRf moved = points * unit;
      const Pca scaled = pca(ref(moved), {.width = 6});
      EXPECT_EQ(scaled.components, plain.components);
      EXPECT_EQ(scaled.embedding, plain.embedding * unit);
      EXPECT_EQ(scaled.explained_variance_ratio(), plain.explained_variance_ratio());
    }
  }
}

TEST(Pca, SaysWhatIsWrong) {
  auto message = [](const MatrixRf& points, std::int64_t width) -> std::string {
    try {
      pca(ref(points), {.width = width});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(MatrixRf::Ones(5, 3), 4), "PCA of 5×3 points to 4 directions: there are 1 to 3");
  EXPECT_EQ(message(MatrixRf::Ones(1, 3), 1), "PCA needs at least 2 points, there are 1");
  MatrixRf broken = MatrixRf::Ones(5, 3);
  broken(4, 2) = std::numeric_limits<float>::infinity();
  EXPECT_EQ(message(broken, 1), "PCA: a coordinate is not finite");
  MatrixRf apart = MatrixRf::Constant(5, 3, 3e38f);
  apart(4, 2) = -3e38f;
  EXPECT_EQ(message(apart, 1), "PCA: the points lie farther from their mean than float32 can hold");
}
