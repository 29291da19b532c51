#include "score/matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/golden.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

// Checks that it is a matching of the right size; returns its weight.
std::int64_t total_weight(const CountMatrix& weights, const std::vector<std::int32_t>& column_of) {
  std::vector<bool> used(weights.cols());
  std::int64_t total = 0, matched = 0;
  for (std::size_t r = 0; r < column_of.size(); ++r) {
    if (column_of[r] == -1) continue;
    EXPECT_FALSE(used.at(column_of[r]));
    used[column_of[r]] = true;
    ++matched;
    total += weights(r, column_of[r]);
  }
  EXPECT_EQ(static_cast<Eigen::Index>(column_of.size()), weights.rows());
  EXPECT_EQ(matched, std::min(weights.rows(), weights.cols()));
  return total;
}

// Over all injections of rows into columns; rows <= columns.
std::int64_t best_by_trying_all(const CountMatrix& weights) {
  std::vector<int> order(weights.cols());
  std::iota(order.begin(), order.end(), 0);
  std::int64_t best = std::numeric_limits<std::int64_t>::min();
  do {
    std::int64_t total = 0;
    for (Eigen::Index r = 0; r < weights.rows(); ++r) total += weights(r, order[r]);
    best = std::max(best, total);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

}  // namespace

TEST(Matching, HasTheTotalOfScipy) {
  for (const Json& answer : sklearn_answer("matchings")) {
    const auto weights = matrix_of<CountMatrix>(answer.at("weights"));
    EXPECT_EQ(total_weight(weights, best_matching(weights)), answer.at("total").get<std::int64_t>());
  }
}

TEST(Matching, IsTheBestOfAll) {
  RandomStream random(1, "test");
  for (int repeat = 0; repeat < 200; ++repeat) {
    const auto columns = static_cast<Eigen::Index>(1 + random.below(6)),
               rows = static_cast<Eigen::Index>(1 + random.below(columns));
    CountMatrix weights(rows, columns);
    for (Eigen::Index i = 0; i < weights.size(); ++i) weights.data()[i] = static_cast<std::int64_t>(random.below(5));
    const std::int64_t best = best_by_trying_all(weights);
    EXPECT_EQ(total_weight(weights, best_matching(weights)), best);
    const CountMatrix transposed = weights.transpose();
    EXPECT_EQ(total_weight(transposed, best_matching(transposed)), best);
  }
}

TEST(Confusion, CountsLabelledPointsOnly) {
  const std::vector<std::int32_t> clusters{0, 1, 1, 2, 0}, labels{1, 0, 0, -1, 1};
  CountMatrix expected(3, 2);
  expected << 0, 2, 2, 0, 0, 0;
  EXPECT_EQ(confusion_matrix(clusters, labels, 3, 2), expected);
  EXPECT_THROW(confusion_matrix(clusters, std::vector<std::int32_t>{0}, 3, 2), Error);
  EXPECT_THROW(confusion_matrix(clusters, labels, 1, 2), Error);
  EXPECT_THROW(confusion_matrix(clusters, labels, 3, 1), Error);
}
