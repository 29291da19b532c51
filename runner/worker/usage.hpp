#pragma once

#include "protocol/messages.hpp"

namespace latentgrid::worker {

// Wall time, CPU time of all threads and peak memory since construction.
class UsageMeter {
 public:
  UsageMeter();
  protocol::Usage read() const;

 private:
  double wall_, cpu_;
};

Json to_json(const protocol::Usage& usage);

}  // namespace latentgrid::worker
