#include "neighbors/laplacian_embedding.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include "base/error.hpp"
#include "neighbors/connectivity_graph.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

Eigen::MatrixXd dense(const SparseRows& graph) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(graph.rows(), graph.rows());
  for (std::int64_t i = 0; i < graph.rows(); ++i) {
    for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) out(i, graph.columns[j]) = graph.values[j];
  }
  return out;
}

SparseRows graph_of(const MatrixRf& points, std::int64_t neighbors) { return connectivity_graph(nearest_neighbors(ref(points), neighbors, 1)); }

// |L·v - λ·D·v| of the generalized problem, of which the vectors are solutions.
double largest_residual(const SparseRows& graph, const LaplacianEmbedding& found) {
  const Eigen::MatrixXd weights = dense(graph);
  const Eigen::VectorXd degrees = weights.rowwise().sum();
  const Eigen::MatrixXd laplacian = Eigen::MatrixXd(degrees.asDiagonal()) - weights;
  return (laplacian * found.vectors - degrees.asDiagonal() * found.vectors * found.values.asDiagonal()).cwiseAbs().maxCoeff();
}

}  // namespace

TEST(ConnectivityGraph, IsTheMeanOfTheNeighborsGraphAndItsTranspose) {
  const MatrixRf points = random_points(80, 3, 1);
  const Neighbors near = nearest_neighbors(ref(points), 6, 1);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(80, 80);
  for (std::int64_t i = 0; i < 80; ++i) {
    for (std::int64_t j = 0; j < 6; ++j) expected(i, near.indices[i * 6 + j]) = 1;
  }
  expected = ((expected + expected.transpose()) / 2).eval();
  const SparseRows graph = connectivity_graph(near);
  EXPECT_TRUE(dense(graph) == expected);
  for (std::int64_t i = 0; i < 80; ++i) EXPECT_TRUE(std::is_sorted(graph.columns.begin() + graph.starts[i], graph.columns.begin() + graph.starts[i + 1]));
}

TEST(LaplacianEmbedding, HasTheSmallestEigenvaluesOfADenseDecomposition) {
  for (const std::int64_t count : {100, 600}) {  // dense and by iteration
    const SparseRows graph = graph_of(random_groups(count, 3, 2, 1, 1), 9);
    const LaplacianEmbedding found = laplacian_embedding(graph, {.count = 8});
    EXPECT_EQ(found.components, 1);
    const Eigen::MatrixXd weights = dense(graph);
    const Eigen::VectorXd scale = weights.rowwise().sum().cwiseSqrt().cwiseInverse();
    const Eigen::MatrixXd laplacian = Eigen::MatrixXd::Identity(count, count) - Eigen::MatrixXd(scale.asDiagonal() * weights * scale.asDiagonal());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> expected(laplacian);
    EXPECT_LT((found.values - expected.eigenvalues().head(8)).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT(largest_residual(graph, found), 1e-7);
    EXPECT_LT(found.vectors.col(0).maxCoeff() - found.vectors.col(0).minCoeff(), 1e-12) << "the first is constant";
  }
}

TEST(LaplacianEmbedding, FindsEveryZeroOfAGraphOfManyParts) {
  MatrixRf points = random_points(600, 3, 1);
  for (Eigen::Index i = 0; i < 600; ++i) points(i, 0) += 1000 * static_cast<float>(i % 3);
  for (Eigen::Index i = 0; i < 600; i += 3) {  // two parts are alike
    points.row(i + 1) = points.row(i);
    points(i + 1, 0) += 5000;
  }
  const SparseRows graph = graph_of(points, 9);
  for (const std::int64_t count : {1, 2, 3, 5, 12}) {
    const LaplacianEmbedding found = laplacian_embedding(graph, {.count = count});
    EXPECT_EQ(found.components, 3);
    EXPECT_EQ((found.values.array() == 0).count(), std::min<std::int64_t>(count, 3));
    EXPECT_LT(largest_residual(graph, found), 1e-7);
    const Eigen::VectorXd degrees = dense(graph).rowwise().sum();
    const Eigen::MatrixXd products = found.vectors.transpose() * degrees.asDiagonal() * found.vectors;
    EXPECT_LT((products - Eigen::MatrixXd::Identity(count, count)).cwiseAbs().maxCoeff(), 1e-6) << count;
  }
}

TEST(LaplacianEmbedding, DoesNotDependOnThreads) {
  const SparseRows graph = graph_of(random_points(1500, 4, 2), 9);
  EXPECT_TRUE(laplacian_embedding(graph, {.count = 6}).vectors == laplacian_embedding(graph, {.count = 6, .threads = 3}).vectors);
}

TEST(LaplacianEmbedding, HasAsManyVectorsAsPointsAtMost) {
  const SparseRows graph = graph_of(random_points(12, 2, 1), 3);
  EXPECT_LT(largest_residual(graph, laplacian_embedding(graph, {.count = 12})), 1e-10);
  EXPECT_THROW(laplacian_embedding(graph, {.count = 13}), Error);
  EXPECT_THROW(laplacian_embedding(graph, {.count = 0}), Error);
}
