#include "reduce/tsne.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "neighbors/trustworthiness.hpp"
#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

SparseRows affinities_of(const MatrixRf& points, double perplexity) {
  return joint_probabilities(nearest_neighbors(ref(points), affinity_neighbors(points.rows(), perplexity), 1),
                             perplexity, 1);
}

// The divergence by its definition, in double: Σ p log(p/q), q ∝ (1 + d²/ν)^(-(ν+1)/2), p times a factor for the
// exaggerated objective Σ (f·p log(p) - f·p log(w)) + log Z, whose gradient is what exaggeration follows.
double objective(const SparseRows& p, const Eigen::MatrixXd& y, double exaggeration) {
  const double freedom = std::max<double>(static_cast<double>(y.cols()) - 1, 1);
  auto log_w = [&](Eigen::Index i, Eigen::Index j) {
    return -(freedom + 1) / 2 * std::log1p((y.row(i) - y.row(j)).squaredNorm() / freedom);
  };
  double normalizer = 0, sum = 0, total = 0;
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    for (Eigen::Index j = 0; j < y.rows(); ++j) {
      if (i != j) normalizer += std::exp(log_w(i, j));
    }
    for (std::int64_t e = p.starts[i]; e < p.starts[i + 1]; ++e) {
      const double value = p.values[e];
      total += value;
      sum += exaggeration * value * (std::log(value) - log_w(i, p.columns[e]));
    }
  }
  return sum + total * std::log(normalizer);
}

Eigen::MatrixXd finite_differences(const SparseRows& p, const MatrixRf& embedding, double exaggeration) {
  constexpr double h = 1e-5;
  Eigen::MatrixXd y = embedding.cast<double>(), gradient(y.rows(), y.cols());
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    for (Eigen::Index k = 0; k < y.cols(); ++k) {
      const double at = y(i, k);
      y(i, k) = at + h;
      const double above = objective(p, y, exaggeration);
      y(i, k) = at - h;
      gradient(i, k) = (above - objective(p, y, exaggeration)) / (2 * h);
      y(i, k) = at;
    }
  }
  return gradient;
}

// 2(ν+1)/ν · Σ_j (f·p_ij - q_ij)(y_i - y_j) / (1 + d²/ν), pair by pair in double.
Eigen::MatrixXd brute_force_gradient(const SparseRows& p, const MatrixRf& embedding, double exaggeration) {
  const Eigen::MatrixXd y = embedding.cast<double>();
  const double freedom = std::max<double>(static_cast<double>(y.cols()) - 1, 1);
  Eigen::MatrixXd attraction = Eigen::MatrixXd::Zero(y.rows(), y.cols()), repulsion = attraction;
  double normalizer = 0;
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    for (Eigen::Index j = 0; j < y.rows(); ++j) {
      if (i == j) continue;
      const double s = 1 / (1 + (y.row(i) - y.row(j)).squaredNorm() / freedom), w = std::pow(s, (freedom + 1) / 2);
      normalizer += w;
      repulsion.row(i) += w * s * (y.row(i) - y.row(j));
    }
    for (std::int64_t e = p.starts[i]; e < p.starts[i + 1]; ++e) {
      const Eigen::RowVectorXd difference = y.row(i) - y.row(p.columns[e]);
      attraction.row(i) += p.values[e] / (1 + difference.squaredNorm() / freedom) * difference;
    }
  }
  return 2 * (freedom + 1) / freedom * (exaggeration * attraction - repulsion / normalizer);
}

double relative_error(const MatrixRf& found, const Eigen::MatrixXd& expected) {
  return (found.cast<double>() - expected).norm() / expected.norm();
}

Tsne run(const MatrixRf& points, TsneOptions options, std::int64_t iterations) {
  Tsne tsne(affinities_of(points, options.perplexity), tsne_start(ref(points), options), options);
  tsne.run_until(iterations);
  return tsne;
}

void expect_equal(const TsneState& a, const TsneState& b) {
  EXPECT_EQ(a.iteration, b.iteration);
  EXPECT_EQ(a.embedding, b.embedding);
  EXPECT_EQ(a.velocity, b.velocity);
  EXPECT_EQ(a.gains, b.gains);
  EXPECT_EQ(a.divergence_exaggerated, b.divergence_exaggerated);
}

}  // namespace

TEST(Tsne, GradientIsThatOfTheDivergenceByFiniteDifferences) {
  const MatrixRf points = random_groups(30, 10, 3, 3, 1);
  const SparseRows p = affinities_of(points, 4);
  for (std::int64_t dim : {1, 2, 3, 4, 8, 9}) {
    const MatrixRf embedding = random_points(30, dim, dim);
    const Tsne tsne(p, embedding, {.dim = dim});
    EXPECT_LT(relative_error(tsne.gradient(), finite_differences(p, embedding, 1)), 2e-5) << dim;
    EXPECT_LT(relative_error(tsne.gradient(12), finite_differences(p, embedding, 12)), 2e-5) << dim;
  }
}

TEST(Tsne, GradientAndDivergenceEqualABruteForceReference) {
  // 29 and 4099 points: one partial group of eight; more than one block of columns.
  for (std::int64_t n : {29, 600, 4099}) {
    const MatrixRf points = random_groups(n, 6, 3, 3, n);
    const SparseRows p = affinities_of(points, 5);
    for (std::int64_t dim = 1; dim <= (n > 1000 ? 2 : 11); ++dim) {
      const MatrixRf embedding = random_points(n, dim, dim, 5);
      const Tsne tsne(p, embedding, {.dim = dim, .repulsion = TsneRepulsion::exact});
      EXPECT_LT(relative_error(tsne.gradient(), brute_force_gradient(p, embedding, 1)), 1e-5) << n << ", " << dim;
      const double expected = objective(p, embedding.cast<double>(), 1);
      EXPECT_NEAR(tsne.kl_divergence(), expected, 1e-5 * expected) << n << ", " << dim;
    }
  }
}

TEST(Tsne, GradientAndDivergenceAreThoseOfScikitLearn) {
  const Json answer = sklearn_answer("neighbors");
  const SparseRows p = affinities_of(matrix_of(answer.at("points")), answer.at("perplexity"));
  const Tsne tsne(p, matrix_of(answer.at("embedding")), {.dim = 2});
  EXPECT_NEAR(tsne.kl_divergence(), answer.at("divergence").get<double>(), 1e-5);
  EXPECT_LT(relative_error(tsne.gradient(), matrix_of<Eigen::MatrixXd>(answer.at("gradient"))), 1e-4);
  for (const Json& other : answer.at("other_dims")) {
    const MatrixRf embedding = matrix_of(other.at("embedding"));
    EXPECT_NEAR(Tsne(p, embedding, {.dim = embedding.cols()}).kl_divergence(), other.at("divergence").get<double>(),
                2e-5);
  }
}

TEST(Tsne, PointsFarApartKeepTheirNormalizer) {
  // Beside the point's own weight of 1 these sums would drown in float32.
  MatrixRf embedding(3, 2);
  embedding << 0, 0, 3000, 0, 0, 4000;
  const double expected = 2 * (1 / (1 + 9e6) + 1 / (1 + 16e6) + 1 / (1 + 25e6));
  EXPECT_NEAR(tsne_repulsion(embedding, 1).normalizer, expected, 1e-6 * expected);
}

TEST(Tsne, StopAndGoEqualsStraightThrough) {
  const MatrixRf points = random_groups(120, 8, 3, 4, 2);
  for (std::int64_t dim : {2, 3}) {
    const TsneOptions options{.dim = dim, .perplexity = 8, .early_exaggeration_iterations = 40};
    const Tsne straight = run(points, options, 100);
    for (std::int64_t stop : {1, 39, 40, 41, 73}) {
      const Tsne first = run(points, options, stop);
      Tsne second(affinities_of(points, 8), first.state(), options);
      second.run_until(100);
      expect_equal(second.state(), straight.state());
    }
  }
}

TEST(Tsne, BitsDependOnNeitherThreadsNorInstructionSet) {
  const MatrixRf points = random_groups(203, 8, 3, 4, 3);
  for (std::int64_t dim : {1, 2, 3, 8, 10}) {
    TsneOptions options{.dim = dim, .perplexity = 8, .early_exaggeration_iterations = 20, .init = TsneInit::random};
    const Tsne one = run(points, options, 40);
    for_each_simd_target([&](const std::string& target) {
      SCOPED_TRACE(target);
      expect_equal(run(points, options, 40).state(), one.state());
    });
    for (int threads : {2, 3}) {
      options.threads = threads;
      expect_equal(run(points, options, 40).state(), one.state());
    }
  }
}

TEST(Tsne, FirstStepFollowsTheRule) {
  const MatrixRf points = random_groups(60, 5, 2, 3, 4);
  const TsneOptions options{.perplexity = 5};
  const MatrixRf start = tsne_start(ref(points), options);
  Tsne tsne(affinities_of(points, 5), start, options);
  const MatrixRf gradient = tsne.gradient(12);
  tsne.run_until(1);
  // No velocity yet: every gain shrinks to 0.8, and the step is -50 · 0.8 · gradient.
  EXPECT_EQ(tsne.state().gains, MatrixRf::Constant(60, 2, 0.8f));
  EXPECT_LT(relative_error(tsne.state().velocity, (-50 * 0.8f * gradient).cast<double>()), 1e-6);
  EXPECT_LT((tsne.state().embedding - start - tsne.state().velocity).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(Tsne, SecondPhaseBeginsWithoutVelocity) {
  const MatrixRf points = random_groups(60, 5, 2, 3, 4);
  const TsneOptions options{.perplexity = 5, .early_exaggeration_iterations = 10};
  Tsne tsne = run(points, options, 10);
  EXPECT_EQ(tsne.state().divergence_exaggerated, tsne.kl_divergence());
  const MatrixRf gradient = tsne.gradient();
  tsne.run_until(11);
  EXPECT_EQ(tsne.state().gains, MatrixRf::Constant(60, 2, 0.8f));
  EXPECT_LT(relative_error(tsne.state().velocity, (-50 * 0.8f * gradient).cast<double>()), 1e-6);
}

TEST(Tsne, StartHasDeviation1e4InItsFirstCoordinate) {
  const MatrixRf points = random_groups(500, 5, 2, 3, 5);
  for (TsneInit init : {TsneInit::pca, TsneInit::random}) {
    const MatrixRf start = tsne_start(ref(points), {.dim = 3, .init = init, .seed = 7});
    const Eigen::VectorXd first = start.col(0).cast<double>();
    const double deviation = std::sqrt((first.array() - first.mean()).square().mean());
    EXPECT_NEAR(deviation, 1e-4, init == TsneInit::pca ? 1e-10 : 1e-5);
  }
  EXPECT_EQ(tsne_start(ref(points), {.init = TsneInit::random, .seed = 1}),
            tsne_start(ref(points), {.init = TsneInit::random, .seed = 1}));
  EXPECT_NE(tsne_start(ref(points), {.init = TsneInit::random, .seed = 1}),
            tsne_start(ref(points), {.init = TsneInit::random, .seed = 2}));
  EXPECT_THROW(tsne_start(ref(points), {.dim = 6}), Error);
  EXPECT_THROW(tsne_start(ref(MatrixRf::Ones(9, 4)), {.dim = 2}), Error);
}

TEST(Tsne, LearningRateIsThatOfScikitLearn) {
  EXPECT_EQ(tsne_learning_rate({}, 8500), 8500.0 / 48);
  EXPECT_EQ(tsne_learning_rate({}, 100), 50);
  EXPECT_EQ(tsne_learning_rate({.learning_rate = 200}, 8500), 200);
}

TEST(Tsne, KeepsNeighborsTogether) {
  const MatrixRf points = random_groups(150, 10, 5, 6, 6);
  for (std::int64_t dim : {2, 4}) {
    const Tsne tsne = run(points, {.dim = dim, .perplexity = 10}, 500);
    EXPECT_GT(trustworthiness(ref(points), ref(tsne.state().embedding), 10, 1), 0.95) << dim;
  }
}

TEST(Tsne, StopsEarlyOnlyWhereAskedTo) {
  const MatrixRf points = random_groups(40, 4, 2, 5, 7);
  TsneOptions options{.perplexity = 5, .early_exaggeration_iterations = 50};
  EXPECT_EQ(run(points, options, 400).iteration(), 400);
  options.min_gradient_norm = 1e3;
  const Tsne by_gradient = run(points, options, 400);
  EXPECT_EQ(by_gradient.iteration(), 100);
  EXPECT_EQ(by_gradient.state().stopped_at, 100);
  // Four points at equal distances become a tetrahedron; then rounding is all that moves them.
  const Tsne by_progress =
      run(MatrixRf::Identity(4, 4),
          {.dim = 3, .perplexity = 2, .learning_rate = 1, .init = TsneInit::random, .iterations_without_progress = 100},
          100000);
  EXPECT_GT(by_progress.state().stopped_at, 250);
  EXPECT_LT(by_progress.state().stopped_at, 100000);
  EXPECT_EQ(by_progress.state().stopped_at % 50, 0);
  EXPECT_LT(by_progress.kl_divergence(), 1e-6);
}

TEST(Tsne, DivergenceOfTheOptimizationIsAnError) {
  const MatrixRf points = random_groups(40, 4, 2, 5, 8);
  EXPECT_THROW(run(points, {.perplexity = 5, .learning_rate = 1e30}, 100), DivergedError);
}
