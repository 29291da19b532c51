#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "stats/correlation.hpp"
#include "stats/eta_squared.hpp"
#include "stats/mcnemar.hpp"
#include "stats/paired.hpp"
#include "support/golden.hpp"

namespace latentgrid {
namespace {

using testing::scipy_answer;
using Values = std::vector<double>;

TEST(PairedDifference, AgreesWithSciPy) {
  for (const Json& answer : scipy_answer("paired")) {
    auto found = paired_difference(answer.at("first").get<Values>(), answer.at("second").get<Values>());
    ASSERT_TRUE(found);
    EXPECT_EQ(found->n, static_cast<std::int64_t>(answer.at("first").size()));
    EXPECT_NEAR(found->mean, answer.at("mean"), 1e-12);
    EXPECT_NEAR(found->low, answer.at("low"), 1e-10);
    EXPECT_NEAR(found->high, answer.at("high"), 1e-10);
    EXPECT_NEAR(found->p.value(), answer.at("p"), 1e-10);
  }
}

TEST(PairedDifference, MakesNoClaimFromTwoPairs) {
  EXPECT_FALSE(paired_difference(Values{1, 2}, Values{3, 5}));
  EXPECT_FALSE(paired_difference(Values{}, Values{}));
}

TEST(PairedDifference, OfEqualDifferences) {
  auto same = paired_difference(Values{0.7, 0.8, 0.9}, Values{0.7, 0.8, 0.9});
  EXPECT_EQ(same->p, 1);
  EXPECT_EQ(same->low, 0);
  auto shifted = paired_difference(Values{0.7, 0.8, 0.9}, Values{0.6, 0.7, 0.8});  // each 0.1, up to rounding
  EXPECT_FALSE(shifted->p) << "a standard error of 0 is no measure of chance";
  EXPECT_NEAR(shifted->low, 0.1, 1e-12);
  EXPECT_NEAR(shifted->high, 0.1, 1e-12);
}

TEST(PairedDifference, RefusesUnequalLengths) {
  EXPECT_THROW(paired_difference(Values{1, 2, 3}, Values{1, 2}), Error);
}

TEST(Holm, AgreesWithItsDefinition) {
  for (const Json& answer : scipy_answer("holm")) {
    Values adjusted = holm_adjusted(answer.at("p").get<Values>());
    for (std::size_t i = 0; i < adjusted.size(); ++i) EXPECT_NEAR(adjusted[i], answer.at("adjusted")[i], 1e-12);
  }
  EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(McNemar, AgreesWithSciPy) {
  for (const Json& answer : scipy_answer("mcnemar")) {
    EXPECT_NEAR(mcnemar_exact({answer.at("only_first"), answer.at("only_second"), 8500}), answer.at("p"), 1e-10);
  }
}

// The course's private split has about 4,500 images: 0.62 points.
TEST(BinomialStandardError, OfALeaderboardScore) {
  EXPECT_NEAR(binomial_standard_error(0.7768, 4500), 0.0062, 5e-5);
}

TEST(Correlation, AgreesWithSciPy) {
  for (const Json& answer : scipy_answer("correlations")) {
    const Values x = answer.at("x"), y = answer.at("y");
    EXPECT_NEAR(pearson(x, y).value(), answer.at("pearson"), 1e-12);
    EXPECT_NEAR(spearman(x, y).value(), answer.at("spearman"), 1e-12);
    EXPECT_EQ(average_ranks(y), answer.at("ranks").get<Values>());
  }
}

TEST(Correlation, NeedsThreePointsThatVary) {
  EXPECT_FALSE(pearson(Values{1, 2}, Values{1, 2}));
  EXPECT_FALSE(pearson(Values{1, 1, 1}, Values{1, 2, 3}));
  EXPECT_FALSE(spearman(Values{1, 2, 3}, Values{5, 5, 5}));
  EXPECT_THROW(pearson(Values{1, 2, 3}, Values{1}), Error);
}

TEST(EtaSquared, AgreesWithSciPy) {
  for (const Json& answer : scipy_answer("eta_squared")) {
    const Values values = answer.at("values");
    const std::vector<int> group = answer.at("group");
    EXPECT_NEAR(eta_squared(values, group).value(), answer.at("share"), 1e-12);
  }
}

// Over every order of the values within each stratum.
double mean_of_all_orders(const Values& values, const std::vector<int>& group, const std::vector<int>& stratum) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  double sum = 0;
  int count = 0;
  do {
    bool stays = true;
    Values moved;
    for (std::size_t i = 0; i < order.size(); ++i) {
      stays = stays && stratum[order[i]] == stratum[i];
      moved.push_back(values[order[i]]);
    }
    if (!stays) continue;
    sum += eta_squared(moved, group).value();
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  return sum / count;
}

TEST(EtaSquared, OfValuesExchangedWithinStrataIsTheMeanOfAllOrders) {
  const Values values = {0.61, 0.66, 0.70, 0.48, 0.52, 0.49, 0.55};
  const std::vector<int> group = {0, 1, 2, 0, 0, 1, 2}, one(7, 0);
  for (const std::vector<int>& stratum : {std::vector<int>{0, 0, 0, 1, 1, 1, 1}, {0, 0, 1, 1, 1, 2, 2}, {0, 1, 2, 3, 4, 5, 6}, one}) {
    EXPECT_NEAR(eta_squared_within_strata(values, group, stratum).value(), mean_of_all_orders(values, group, stratum), 1e-12);
  }
  EXPECT_NEAR(eta_squared_within_strata(values, group, one).value(), 2.0 / 6, 1e-12);
  EXPECT_FALSE(eta_squared_within_strata(values, one, group));
  EXPECT_THROW(eta_squared_within_strata(values, group, std::vector<int>{0}), Error);
}

TEST(EtaSquared, NeedsTwoGroupsAndVariance) {
  EXPECT_FALSE(eta_squared(Values{1, 2, 3}, std::vector<int>{0, 0, 0}));
  EXPECT_FALSE(eta_squared(Values{1, 1, 1}, std::vector<int>{0, 1, 1}));
  EXPECT_THROW(eta_squared(Values{1, 2}, std::vector<int>{0}), Error);
}

}  // namespace
}  // namespace latentgrid
