#pragma once

#include "base/heartbeat.hpp"

namespace latentgrid::protocol {

using latentgrid::HeartbeatWatch;
using latentgrid::HeartbeatWriter;
using latentgrid::seconds_between_beats;
using latentgrid::seconds_without_a_beat;

}  // namespace latentgrid::protocol
