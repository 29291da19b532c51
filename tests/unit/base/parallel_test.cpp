#include "base/parallel.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <barrier>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

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

// As a run does that waits for Ctrl-C, after its plan was made by several threads.
TEST(ParallelFor, ItsThreadsTakeNoSignals) {
  std::thread([] {
    parallel_for(10, 4, [](std::int64_t) {});
    sigset_t interrupting;
    sigemptyset(&interrupting);
    sigaddset(&interrupting, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &interrupting, nullptr);
    parallel_for(10, 4, [&](std::int64_t) {
      sigset_t blocked;
      ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
      EXPECT_TRUE(sigismember(&blocked, SIGUSR1));
    });
  }).join();
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

TEST(ParallelFor, HelpersAreTheSameThreadsCallAfterCall) {
  auto threads_of_a_call = [](int threads) {
    std::mutex mutex;
    std::set<std::thread::id> ids;
    std::barrier all_have_come(threads);
    parallel_for(threads, threads, [&](std::int64_t) {
      all_have_come.arrive_and_wait();
      std::scoped_lock lock(mutex);
      ids.insert(std::this_thread::get_id());
    });
    return ids;
  };
  const std::set<std::thread::id> three = threads_of_a_call(3);
  EXPECT_EQ(three.size(), 3u);
  EXPECT_EQ(threads_of_a_call(3), three);
  const std::set<std::thread::id> two = threads_of_a_call(2);
  EXPECT_TRUE(std::includes(three.begin(), three.end(), two.begin(), two.end()));
  EXPECT_EQ(threads_of_a_call(5).size(), 5u);
}

TEST(ParallelFor, ACallWithinACallHasOneThread) {
  std::atomic<int> calls = 0, elsewhere = 0;
  parallel_for(4, 4, [&](std::int64_t) {
    const std::thread::id outer = std::this_thread::get_id();
    parallel_for(10, 3, [&](std::int64_t) {
      ++calls;
      elsewhere += std::this_thread::get_id() != outer;
    });
  });
  EXPECT_EQ(calls, 40);
  EXPECT_EQ(elsewhere, 0);
}

TEST(ParallelFor, ManyThreadsHavePoolsOfTheirOwn) {
  std::atomic<int> calls = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&] {
        for (int pass = 0; pass < 200; ++pass) parallel_for(7, 3, [&](std::int64_t) { ++calls; });
      });
    }
  }
  EXPECT_EQ(calls, 4 * 200 * 7);
}
