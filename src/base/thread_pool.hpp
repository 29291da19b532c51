#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace latentgrid {

// Threads that wait for their next call: an iteration of t-SNE makes seven passes of less than a millisecond, and starting
// threads for each is a tenth of its time.
class ThreadPool {
 public:
  // This thread's own, begun by its first call and ended with the thread.
  static ThreadPool& of_this_thread();

  ThreadPool() = default;
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Calls work(0) on this thread and work(1) ... work(helpers) on one other thread each, and returns when all have returned.
  // `work` must not throw. Within `work` it calls work(0) alone: the others are taken.
  void run(int helpers, const std::function<void(int)>& work);

 private:
  enum class Order : int { wait, work, leave };
  struct Helper {
    std::atomic<Order> order = Order::wait;
    std::jthread thread;
  };

  void serve(Helper& helper, int number) const;
  void give(Helper& helper, Order order) const;

  std::vector<std::unique_ptr<Helper>> helpers_;
  const std::function<void(int)>* work_ = nullptr;  // what is being done; written while all helpers wait
};

}  // namespace latentgrid
