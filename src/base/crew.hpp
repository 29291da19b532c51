#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace latentgrid {

// Threads that wait for their next call: an iteration of t-SNE makes seven passes of less than a millisecond, and
// starting threads for each is a tenth of its time.
class Crew {
 public:
  // This thread's own, begun by its first call and ended with the thread.
  static Crew& of_this_thread();

  Crew() = default;
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Calls work(0) on this thread and work(1) ... work(helpers) on one other thread each, and returns when all have returned.
  // `work` must not throw. Within `work` it calls work(0) alone: the others are taken.
  void run(int helpers, const std::function<void(int)>& work);

 private:
  enum class Order : int { wait, work, leave };
  struct Member {
    std::atomic<Order> order = Order::wait;
    std::jthread thread;
  };

  void serve(Member& member, int number) const;
  void give(Member& member, Order order) const;

  std::vector<std::unique_ptr<Member>> members_;
  const std::function<void(int)>* work_ = nullptr;  // what is being done; written while all members wait
};

}  // namespace latentgrid
