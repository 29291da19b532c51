#include "base/crew.hpp"

#include <cstddef>
#include <utility>

namespace latentgrid {

namespace {

thread_local bool helps_a_crew = false;

}  // namespace

Crew& Crew::of_this_thread() {
  static thread_local Crew crew;
  return crew;
}

Crew::~Crew() {
  for (const std::unique_ptr<Member>& member : members_) give(*member, Order::leave);
}

void Crew::run(int helpers, const std::function<void(int)>& work) {
  if (work_ || helps_a_crew || helpers < 1) return work(0);
  members_.reserve(static_cast<std::size_t>(helpers));
  for (int number = static_cast<int>(members_.size()) + 1; number <= helpers; ++number) {
    auto member = std::make_unique<Member>();
    member->thread = std::jthread([this, &served = *member, number] { serve(served, number); });
    members_.push_back(std::move(member));
  }
  work_ = &work;
  for (int h = 0; h < helpers; ++h) give(*members_[static_cast<std::size_t>(h)], Order::work);
  work(0);
  for (int h = 0; h < helpers; ++h) {
    members_[static_cast<std::size_t>(h)]->order.wait(Order::work, std::memory_order_acquire);
  }
  work_ = nullptr;
}

void Crew::serve(Member& member, int number) const {
  helps_a_crew = true;
  for (;;) {
    member.order.wait(Order::wait, std::memory_order_acquire);
    if (member.order.load(std::memory_order_acquire) == Order::leave) return;
    (*work_)(number);
    give(member, Order::wait);
  }
}

void Crew::give(Member& member, Order order) const {
  member.order.store(order, std::memory_order_release);
  member.order.notify_one();
}

}  // namespace latentgrid
