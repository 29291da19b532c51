#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace latentgrid {

// When to look at a file next: soon after something has come, less and less often while nothing does.
class PollInterval {
 public:
  explicit PollInterval(const Clock& clock) : clock_(clock) {}

  bool is_due() const { return clock_.monotonic_seconds() >= next_; }
  double seconds_left() const { return std::max(next_ - clock_.monotonic_seconds(), 0.0); }
  void looked(bool found) {
    interval_ = found ? shortest : std::min(2 * interval_, longest);
    next_ = clock_.monotonic_seconds() + interval_;
  }
  void expect_soon() {
    interval_ = shortest;
    next_ = std::min(next_, clock_.monotonic_seconds() + interval_);
  }

 private:
  static constexpr double shortest = 0.02, longest = 2;

  const Clock& clock_;
  double interval_ = shortest;
  double next_ = 0;
};

}  // namespace latentgrid
