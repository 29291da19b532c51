#include "base/thread_pool.hpp"

#include <signal.h>

#include <cstddef>
#include <utility>

namespace latentgrid {

namespace {

thread_local bool helps_a_pool = false;

// A thread that is made meanwhile blocks all signals that a process can be sent: who reads them from a signalfd, as a run reads
// Ctrl-C, blocks them in a thread of its own, and one that another thread may take would end the process or get lost.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

ThreadPool& ThreadPool::of_this_thread() {
  static thread_local ThreadPool pool;
  return pool;
}

ThreadPool::~ThreadPool() {
  for (const std::unique_ptr<Helper>& helper : helpers_) give(*helper, Order::leave);
}

void ThreadPool::run(int helpers, const std::function<void(int)>& work) {
  if (work_ || helps_a_pool || helpers < 1) return work(0);
  helpers_.reserve(static_cast<std::size_t>(helpers));
  for (int number = static_cast<int>(helpers_.size()) + 1; number <= helpers; ++number) {
    auto helper = std::make_unique<Helper>();
    const BlockedSignals blocked;
    helper->thread = std::jthread([this, &served = *helper, number] { serve(served, number); });
    helpers_.push_back(std::move(helper));
  }
  work_ = &work;
  for (int h = 0; h < helpers; ++h) give(*helpers_[static_cast<std::size_t>(h)], Order::work);
  work(0);
  for (int h = 0; h < helpers; ++h) {
    helpers_[static_cast<std::size_t>(h)]->order.wait(Order::work, std::memory_order_acquire);
  }
  work_ = nullptr;
}

void ThreadPool::serve(Helper& helper, int number) const {
  helps_a_pool = true;
  for (;;) {
    helper.order.wait(Order::wait, std::memory_order_acquire);
    if (helper.order.load(std::memory_order_acquire) == Order::leave) return;
    (*work_)(number);
    give(helper, Order::wait);
  }
}

void ThreadPool::give(Helper& helper, Order order) const {
  helper.order.store(order, std::memory_order_release);
  helper.order.notify_one();
}

}  // namespace latentgrid
