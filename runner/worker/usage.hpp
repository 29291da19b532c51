#pragma once

#include "protocol/messages.hpp"

namespace latentgrid::worker {

// Wall time, CPU time of all threads and peak memory since construction.
class UsageMeter {
 public:
  UsageMeter();
  protocol::Usage read() const;

  // From now on read() tells `before` and what is used from here on: a run that goes on from another's checkpoint counts
  // what that one had used, and not what this one did until now.
  void continue_from(const protocol::Usage& before);

 private:
  double wall_, cpu_;
  std::int64_t peak_rss_kb_ = 0;
};

Json to_json(const protocol::Usage& usage);
protocol::Usage usage_from_json(const Json& usage);

}  // namespace latentgrid::worker
