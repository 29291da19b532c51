#include "neighbors/affinities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

// Entry by entry.
SparseRows symmetrised(const Neighbors& near, double perplexity) {
  const std::vector<double> p = conditional_probabilities(near, perplexity, 1);
  std::vector<std::map<std::int32_t, double>> rows(near.count);
  for (std::int64_t e = 0; e < near.count * near.k; ++e) {
    const auto i = static_cast<std::int32_t>(e / near.k);
    rows[i][near.indices[e]] += p[e];
    rows[near.indices[e]][i] += p[e];
  }
  double total = 0;
  for (const auto& row : rows) {
    for (const auto& [column, value] : row) total += value;
  }
  SparseRows out{.starts = {0}};
  for (const auto& row : rows) {
    for (const auto& [column, value] : row) {
      out.columns.push_back(column);
      out.values.push_back(static_cast<float>(value / total));
    }
    out.starts.push_back(static_cast<std::int64_t>(out.columns.size()));
  }
  return out;
}

void expect_symmetrised(const Neighbors& near, double perplexity) {
  const SparseRows expected = symmetrised(near, perplexity);
  for (int threads : {1, 2, 3, 20}) {
    const SparseRows found = joint_probabilities(near, perplexity, threads);
    EXPECT_EQ(found.starts, expected.starts) << near.count << " points, " << threads << " threads";
    EXPECT_EQ(found.columns, expected.columns) << near.count << " points, " << threads << " threads";
    EXPECT_EQ(found.values, expected.values) << near.count << " points, " << threads << " threads";
  }
}

}  // namespace

TEST(Affinities, AreThoseOfScikitLearn) {
  const Json answer = sklearn_answer("neighbors");
  const MatrixRf points = matrix_of(answer.at("points"));
  ASSERT_EQ(affinity_neighbors(points.rows(), answer.at("perplexity")), answer.at("k"));
  const SparseRows found =
      joint_probabilities(nearest_neighbors(ref(points), answer.at("k"), 1), answer.at("perplexity"), 1);
  Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(points.rows(), points.rows());
  for (std::int64_t i = 0; i < found.rows(); ++i) {
    for (std::int64_t e = found.starts[i]; e < found.starts[i + 1]; ++e) dense(i, found.columns[e]) = found.values[e];
  }
  const auto expected = matrix_of<Eigen::MatrixXd>(answer.at("joint_probabilities"));
  EXPECT_LT((dense - expected).cwiseAbs().maxCoeff(), 2e-5 * expected.maxCoeff());
  EXPECT_EQ((dense.array() > 0).count(), (expected.array() > 0).count());
}

TEST(Affinities, EveryPointHasTheAskedPerplexity) {
  const MatrixRf points = random_points(200, 6, 1, 1e4);  // distances far from the scale where the search begins
  for (double perplexity : {3.0, 30.0}) {
    const Neighbors near = nearest_neighbors(ref(points), affinity_neighbors(200, perplexity), 1);
    const std::vector<double> p = conditional_probabilities(near, perplexity, 1);
    for (std::int64_t i = 0; i < 200; ++i) {
      double sum = 0, entropy = 0;
      for (std::int64_t e = i * near.k; e < (i + 1) * near.k; ++e) {
        sum += p[e];
        if (p[e] > 0) entropy -= p[e] * std::log(p[e]);
      }
      EXPECT_NEAR(sum, 1, 1e-12);
      EXPECT_NEAR(entropy, std::log(perplexity), 2e-5);
    }
  }
}

TEST(Affinities, AreSymmetricAndSumToOneForAnyThreads) {
  const MatrixRf points = random_points(150, 4, 2);
  const Neighbors near = nearest_neighbors(ref(points), 31, 1);
  const SparseRows one = joint_probabilities(near, 10, 1);
  double sum = 0;
  Eigen::MatrixXf dense = Eigen::MatrixXf::Zero(150, 150);
  for (std::int64_t i = 0; i < 150; ++i) {
    for (std::int64_t e = one.starts[i]; e < one.starts[i + 1]; ++e) {
      dense(i, one.columns[e]) = one.values[e];
      sum += one.values[e];
      if (e > one.starts[i]) {
        EXPECT_LT(one.columns[e - 1], one.columns[e]);
      }
    }
  }
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_EQ(dense, dense.transpose().eval());
  for (int threads : {2, 3}) {
    const SparseRows more = joint_probabilities(near, 10, threads);
    EXPECT_EQ(more.columns, one.columns);
    EXPECT_EQ(more.values, one.values);
  }
}

TEST(Affinities, AreThoseAddedUpEntryByEntry) {
  for (std::int64_t points : {2, 3, 17, 64, 65, 300, 4200}) {
    const std::int64_t k = std::min<std::int64_t>(points - 1, 10);
    const MatrixRf x = random_points(points, 3, points);
    expect_symmetrised(nearest_neighbors(ref(x), k, 1), std::min(4.0, static_cast<double>(points) / 2));
  }
}

TEST(Affinities, TakeAPointThatIsEverybodysNeighborAndOnesThatAreNobodys) {
  constexpr std::int32_t points = 130;
  Neighbors near{.count = points, .k = 2};
  for (std::int32_t i = 0; i < points; ++i) {
    const std::int32_t hub = 70, other = i < 2 ? 5 : 1;
    near.indices.insert(near.indices.end(), {i == hub ? 0 : hub, i == 5 ? 0 : other});
    near.distances.insert(near.distances.end(), {1.0F, 2.0F + static_cast<float>(i)});
  }
  expect_symmetrised(near, 1.5);
  const SparseRows found = joint_probabilities(near, 1.5, 2);
  EXPECT_EQ(found.starts[71] - found.starts[70], points - 1);
  EXPECT_EQ(found.starts[101] - found.starts[100], 2);
}

TEST(Affinities, EquallyDistantNeighborsAreEquallyProbable) {
  const MatrixRf points = MatrixRf::Identity(20, 20);
  const std::vector<double> p = conditional_probabilities(nearest_neighbors(ref(points), 19, 1), 7, 1);
  for (double value : p) EXPECT_DOUBLE_EQ(value, 1.0 / 19);
}

TEST(Affinities, RefuseAPerplexityThatThePointsCannotHave) {
  const MatrixRf points = random_points(10, 2, 3);
  const Neighbors near = nearest_neighbors(ref(points), 9, 1);
  EXPECT_THROW(joint_probabilities(near, 10, 1), Error);
  EXPECT_THROW(joint_probabilities(near, 0, 1), Error);
  EXPECT_THROW(joint_probabilities(near, std::nan(""), 1), Error);
}
