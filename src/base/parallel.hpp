#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>

#include "base/thread_pool.hpp"

namespace latentgrid {

// Calls function(i, worker) once for every i in [0, count), from up to `threads` threads in any order; worker is the thread's
// number, from 0. Results stay independent of the thread count as long as every call writes to places of its own. The first
// exception is thrown again after all have ended. A call within a call has one thread.
template <typename Function>
void parallel_for_workers(std::int64_t count, int threads, const Function& function) {
  const auto helpers = std::min<std::int64_t>(threads, count) - 1;
  if (helpers < 1) {
    for (std::int64_t i = 0; i < count; ++i) function(i, 0);
    return;
  }
  std::atomic<std::int64_t> next = 0;
  std::exception_ptr failure;
  std::mutex failure_mutex;
  auto work = [&](int worker) {
    try {
      for (std::int64_t i = next++; i < count; i = next++) function(i, worker);
    } catch (...) {
      next = count;
      std::scoped_lock lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  ThreadPool::of_this_thread().run(static_cast<int>(helpers), work);
  if (failure) std::rethrow_exception(failure);
}

// The same without the thread's number.
template <typename Function>
void parallel_for(std::int64_t count, int threads, const Function& function) {
  parallel_for_workers(count, threads, [&](std::int64_t i, int) { function(i); });
}

}  // namespace latentgrid
