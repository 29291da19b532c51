#include "nn/early_stop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"

namespace latentgrid::nn {
namespace {

EarlyStop judged(EarlyStop::Better better, std::int64_t patience, const std::vector<double>& values) {
  EarlyStop stop(better, patience);
  for (double value : values) stop.add(value);
  return stop;
}

TEST(EarlyStop, IsOverOnceSoManyEpochsWereNoBetter) {
  EarlyStop stop(EarlyStop::Better::lower, 2);
  std::vector<bool> best, over;
  for (double value : {3.0, 2.0, 2.5, 1.0, 1.0, 1.5}) {
    stop.add(value);
    best.push_back(stop.last_is_best());
    over.push_back(stop.is_over());
  }
  EXPECT_EQ(best, (std::vector<bool>{true, true, false, true, false, false}));
  EXPECT_EQ(over, (std::vector<bool>{false, false, false, false, false, true}));
  EXPECT_EQ(stop.best_epoch(), 4) << "the first of equal ones";
  EXPECT_EQ(stop.best_value(), 1.0);
}

TEST(EarlyStop, MayLookForTheHighest) {
  const EarlyStop stop = judged(EarlyStop::Better::higher, 1, {1, 3, 2});
  EXPECT_EQ(stop.best_epoch(), 2);
  EXPECT_TRUE(stop.is_over());
}

// Against the definition, on every prefix of random values with many ties; one that gets its values back knows the same.
TEST(EarlyStop, IsWhatItsValuesSay) {
  RandomStream random(std::uint64_t{5});
  for (int round = 0; round < 200; ++round) {
    const auto better = round % 2 == 0 ? EarlyStop::Better::lower : EarlyStop::Better::higher;
    const auto patience = static_cast<std::int64_t>(1 + random.below(4));
    std::vector<double> values;
    EarlyStop stop(better, patience);
    for (int epoch = 0; epoch < 12; ++epoch) {
      values.push_back(static_cast<double>(random.below(6)));
      stop.add(values.back());
      const auto best = better == EarlyStop::Better::lower ? std::min_element(values.begin(), values.end()) : std::max_element(values.begin(), values.end());
      const std::int64_t since = values.end() - best - 1;
      EXPECT_EQ(stop.best_epoch(), best - values.begin() + 1);
      EXPECT_EQ(stop.best_value(), *best);
      EXPECT_EQ(stop.last_is_best(), since == 0);
      EXPECT_EQ(stop.is_over(), since >= patience);
      EarlyStop again = judged(better, patience, {7, 8});
      again.restore(values);
      EXPECT_EQ(again.values(), values);
      EXPECT_EQ(again.best_epoch(), stop.best_epoch());
      EXPECT_EQ(again.is_over(), stop.is_over());
    }
  }
}

}  // namespace
}  // namespace latentgrid::nn
