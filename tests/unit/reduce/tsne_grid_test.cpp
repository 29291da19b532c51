#include "reduce/tsne_grid.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "reduce/tsne.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

double relative_error(const std::vector<double>& found, const std::vector<double>& expected) {
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    error += (found[i] - expected[i]) * (found[i] - expected[i]);
    norm += expected[i] * expected[i];
  }
  return std::sqrt(error / norm);
}

}  // namespace

TEST(TsneGrid, AgreesWithTheSumsOverAllPairs) {
  for (std::int64_t dim : {1, 2}) {
    for (double deviation : {1e-4, 0.1, 1.0, 8.0, 40.0}) {
      const MatrixRf embedding = random_groups(2000, dim, 7, deviation, dim) * static_cast<float>(std::min(deviation, 1.0));
      const Repulsion exact = tsne_repulsion(embedding, 1), grid = TsneGrid(1).repulsion(embedding);
      // Narrower than a node the forces are small beside the potential they are the slope of.
      const bool narrow = deviation < 1;
      EXPECT_LT(relative_error(grid.forces, exact.forces), narrow ? 1e-2 : 5e-4) << dim << "-D, " << deviation;
      EXPECT_NEAR(grid.normalizer, exact.normalizer, (narrow ? 5e-4 : 1e-5) * exact.normalizer) << dim << "-D, " << deviation;
    }
  }
}

TEST(TsneGrid, TheForcesHaveNoSum) {
  const Repulsion grid = TsneGrid(1).repulsion(random_points(3000, 2, 1, 5));
  double net = 0, norm = 0;
  for (std::size_t i = 0; i < grid.forces.size(); i += 2) {
    net += grid.forces[i];
    norm += std::abs(grid.forces[i]);
  }
  EXPECT_NEAR(net / norm, 0, 1e-12);
}

TEST(TsneGrid, BitsDependOnNeitherThreadsNorEarlierCalls) {
  const MatrixRf wide = random_points(4000, 2, 2, 30), narrow = random_points(4000, 2, 3, 3);
  TsneGrid one(1), three(3);
  three.repulsion(wide);
  const Repulsion a = one.repulsion(narrow), b = three.repulsion(narrow), c = three.repulsion(narrow);
  EXPECT_EQ(a.forces, b.forces);
  EXPECT_EQ(b.forces, c.forces);
  EXPECT_EQ(a.normalizer, b.normalizer);
}

TEST(TsneGrid, EqualPointsAreOneNodeWide) {
  const MatrixRf embedding = MatrixRf::Constant(50, 2, 3.25f);
  const Repulsion grid = TsneGrid(1).repulsion(embedding);
  EXPECT_NEAR(grid.normalizer, 50 * 49, 0.01);
  for (double force : grid.forces) EXPECT_NEAR(force, 0, 1e-9);
}

TEST(TsneGrid, AnEmbeddingTooWideIsLeftToTheExactSums) {
  MatrixRf embedding = random_points(100, 2, 4);
  EXPECT_TRUE(TsneGrid::fits(embedding));
  embedding(0, 1) = 2000;
  EXPECT_FALSE(TsneGrid::fits(embedding));
  EXPECT_THROW(TsneGrid(1).repulsion(embedding), Error);
  EXPECT_THROW(TsneGrid(1).repulsion(random_points(10, 3, 1)), Error);
}

TEST(TsneGrid, IsChosenByPointsAndDimensionUnlessAskedFor) {
  EXPECT_FALSE(tsne_uses_grid({.dim = 2}, 4000));
  EXPECT_TRUE(tsne_uses_grid({.dim = 2}, 4001));
  EXPECT_TRUE(tsne_uses_grid({.dim = 1}, 100000));
  EXPECT_FALSE(tsne_uses_grid({.dim = 3}, 100000));
  EXPECT_TRUE(tsne_uses_grid({.dim = 2, .repulsion = TsneRepulsion::grid}, 10));
  EXPECT_FALSE(tsne_uses_grid({.dim = 2, .repulsion = TsneRepulsion::exact}, 100000));
}

TEST(TsneGrid, AWholeRunEndsAsWellAsTheExactOne) {
  const MatrixRf points = random_groups(1500, 8, 6, 6, 5);
  const SparseRows p = joint_probabilities(
      nearest_neighbors(ConstMatrixRef(points.data(), points.rows(), points.cols()), 91, 1), 30, 1);
  auto divergence = [&](TsneRepulsion repulsion) {
    const TsneOptions options{.dim = 2, .repulsion = repulsion};
    Tsne tsne(p, tsne_start(ConstMatrixRef(points.data(), points.rows(), points.cols()), options), options);
    tsne.run_until(500);
    return Tsne(p, tsne.state(), {.dim = 2, .repulsion = TsneRepulsion::exact}).kl_divergence();
  };
  const double exact = divergence(TsneRepulsion::exact), grid = divergence(TsneRepulsion::grid);
  EXPECT_NEAR(grid, exact, 0.02 * exact);
}
