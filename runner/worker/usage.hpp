#pragma once

#include <cstdint>

#include "base/json.hpp"

namespace latentgrid::worker {

struct Usage {
  double wall_s = 0, cpu_s = 0;
  std::int64_t peak_rss_kb = 0;
};

// Wall time, CPU time of all threads and peak memory since construction.
class UsageMeter {
 public:
  UsageMeter();
  Usage read() const;

  // From now on read() tells `before` and what is used from here on: a run that goes on from another's checkpoint counts
  // what that one had used, and not what this one did until now.
  void continue_from(const Usage& before);

 private:
  double wall_, cpu_;
  std::int64_t peak_rss_kb_ = 0;
};

Json to_json(const Usage& usage);
Usage usage_from_json(const Json& usage);

}  // namespace latentgrid::worker
