#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace latentgrid {

// Time as an argument: production code takes a Clock, tests give it a fake one.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual double monotonic_seconds() const = 0;      // since some fixed moment
  virtual std::string utc_timestamp() const = 0;     // 2026-11-21T21:30:00.123Z
  virtual std::int64_t seconds_since_1970() const;
};

const Clock& system_clock();

}  // namespace latentgrid
