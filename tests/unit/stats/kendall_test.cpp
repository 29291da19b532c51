#include "stats/kendall.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/golden.hpp"

namespace latentgrid {
namespace {

using Values = std::vector<double>;

// By the definition, over all pairs.
double tau_by_pairs(const Values& x, const Values& y) {
  double difference = 0, untied_x = 0, untied_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int a = (x[i] > x[j]) - (x[i] < x[j]), b = (y[i] > y[j]) - (y[i] < y[j]);
      difference += a * b;
      untied_x += a != 0;
      untied_y += b != 0;
    }
  }
  return difference / std::sqrt(untied_x * untied_y);
}

TEST(Kendall, AgreesWithSciPy) {
  for (const Json& answer : testing::golden_answer("choice_answers.json", "kendall")) {
    const auto found = kendall_tau(answer.at("x").get<Values>(), answer.at("y").get<Values>());
    ASSERT_TRUE(found) << answer.dump();
    EXPECT_NEAR(found->tau, answer.at("tau").get<double>(), 1e-12) << answer.dump();
    EXPECT_NEAR(found->p, answer.at("p").get<double>(), 1e-10) << answer.dump();
  }
}

TEST(Kendall, IsWhatAllPairsSay) {
  RandomStream random(1, "test");
  for (int n : {3, 4, 7, 50}) {
    Values x, y;
    for (int i = 0; i < n; ++i) {
      x.push_back(i % 3);
      y.push_back(static_cast<double>(random.below(5)));
    }
    const auto found = kendall_tau(x, y);
    ASSERT_TRUE(found) << n;
    EXPECT_NEAR(found->tau, tau_by_pairs(x, y), 1e-12) << n;
  }
}

TEST(Kendall, SaysNothingOfFewPairsOrAConstant) {
  EXPECT_FALSE(kendall_tau(Values{1, 2}, Values{1, 2}));
  EXPECT_FALSE(kendall_tau(Values{1, 1, 1}, Values{1, 2, 3}));
  EXPECT_FALSE(kendall_tau(Values{1, 2, 3}, Values{1, 1, 1}));
  EXPECT_THROW(kendall_tau(Values{1, 2, 3}, Values{1, 2}), Error);
}

}  // namespace
}  // namespace latentgrid
