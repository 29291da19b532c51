#include "neighbors/trustworthiness.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

TEST(Trustworthiness, IsThatOfScikitLearn) {
  const Json answer = sklearn_answer("trustworthiness");
  const MatrixRf points = matrix_of(answer.at("points")), embedding = matrix_of(answer.at("embedding"));
  for (const auto& [k, expected] : answer.at("by_neighbors").items()) {
    EXPECT_NEAR(trustworthiness(ref(points), ref(embedding), std::stoi(k), 1), expected.get<double>(), 1e-12) << k;
    EXPECT_EQ(trustworthiness(ref(points), ref(embedding), std::stoi(k), 3),
              trustworthiness(ref(points), ref(embedding), std::stoi(k), 1));
  }
}

TEST(Trustworthiness, OfTheSpaceItselfIsOne) {
  const MatrixRf points = random_points(40, 3, 1);
  EXPECT_EQ(trustworthiness(ref(points), ref(points), 5, 1), 1);
}

TEST(Trustworthiness, RefusesTooManyNeighborsAndUnequalCounts) {
  const MatrixRf points = random_points(10, 3, 1), fewer = random_points(9, 3, 1);
  EXPECT_THROW(trustworthiness(ref(points), ref(points), 5, 1), Error);
  EXPECT_THROW(trustworthiness(ref(points), ref(fewer), 3, 1), Error);
}
