#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace latentgrid;

TEST(RandomStream, IsXoshiro256StarStar) {
  // First outputs for the splitmix64-seeded state of seed 0, from the authors' reference implementation.
  RandomStream stream(std::uint64_t{0});
  EXPECT_EQ(stream(), 11091344671253066420u);
  EXPECT_EQ(stream(), 13793997310169335082u);
  EXPECT_EQ(stream(), 1900383378846508768u);
}

TEST(RandomStream, DependsOnSeedStageAndNumbers) {
  std::uint64_t base = derive_seed(1, "train.order", {3});
  EXPECT_EQ(base, derive_seed(1, "train.order", {3}));
  EXPECT_NE(base, derive_seed(2, "train.order", {3}));
  EXPECT_NE(base, derive_seed(1, "train.dropout", {3}));
  EXPECT_NE(base, derive_seed(1, "train.order", {4}));
  EXPECT_NE(derive_seed(1, "x", {23}), derive_seed(1, "x", {2, 3}));
}

TEST(RandomStream, PermutationHoldsEveryIndexOnce) {
  std::vector<std::int64_t> order = RandomStream(std::uint64_t{5}).permutation(1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::int64_t i = 0; i < 1000; ++i) ASSERT_EQ(order[i], i);
}

TEST(RandomStream, NormalsHaveMeanZeroAndVarianceOne) {
  RandomStream stream(std::uint64_t{7});
  constexpr int n = 200000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    double x = stream.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / n, 0, 5 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 1, 5 * std::sqrt(2.0 / n));
}

TEST(RandomStream, BelowIsUniform) {
  RandomStream stream(std::uint64_t{11});
  int counts[3] = {};
  for (int i = 0; i < 30000; ++i) ++counts[stream.below(3)];
  for (int count : counts) EXPECT_NEAR(count, 10000, 5 * std::sqrt(30000 * 2.0 / 9));
}
