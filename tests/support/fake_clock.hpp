#pragma once

#include <string>

#include "base/clock.hpp"

namespace latentgrid::testing {

// Stands still until it is moved.
class FakeClock : public Clock {
 public:
  double monotonic_seconds() const override { return now_; }
  std::string utc_timestamp() const override { return "2026-01-02T03:04:05.678Z"; }
  void advance(double seconds) { now_ += seconds; }

 private:
  double now_ = 1000;
};

}  // namespace latentgrid::testing
