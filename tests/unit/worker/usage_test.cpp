#include "worker/usage.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace latentgrid::worker {
namespace {

// Touches so much memory, and gives it back.
void touch(std::size_t bytes) {
  std::vector<char> block(bytes, 1);
  volatile char last = block.back();
  (void)last;
}

TEST(UsageMeter, PeakMemoryIsThatSinceItsConstruction) {
  UsageMeter first;
  touch(300u << 20);
  std::int64_t with_block = first.read().peak_rss_kb;
  UsageMeter second;
  EXPECT_GE(with_block, 300 << 10);
  EXPECT_LT(second.read().peak_rss_kb, with_block - (200 << 10));
}

TEST(UsageMeter, CountsTimeOfItsOwn) {
  UsageMeter meter;
  touch(10u << 20);
  Usage usage = meter.read();
  EXPECT_GT(usage.wall_s, 0);
  EXPECT_GT(usage.cpu_s, 0);
  EXPECT_EQ(to_json({1, 2, 3}), Json({{"wall_s", 1.0}, {"cpu_s", 2.0}, {"peak_rss_kb", 3}}));
}

}  // namespace
}  // namespace latentgrid::worker
