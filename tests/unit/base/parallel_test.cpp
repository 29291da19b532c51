#include "base/parallel.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace latentgrid;

TEST(ParallelFor, CallsEveryIndexOnce) {
  for (int threads : {1, 2, 3, 16}) {
    for (std::int64_t count : {0, 1, 2, 100}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, threads, [&](std::int64_t i) { ++calls[i]; });
      for (std::int64_t i = 0; i < count; ++i) EXPECT_EQ(calls[i], 1) << threads << " threads, index " << i;
    }
  }
}

TEST(ParallelFor, ThrowsTheFirstExceptionAgain) {
  for (int threads : {1, 3}) {
    EXPECT_THROW(parallel_for(10, threads,
                              [](std::int64_t i) {
                                if (i == 4) throw std::out_of_range("four");
                              }),
                 std::out_of_range);
  }
}
