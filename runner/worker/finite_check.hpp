#pragma once

#include <filesystem>

#include "base/json.hpp"
#include "protocol/messages.hpp"

namespace latentgrid::worker {

// Nothing is published that is not finite. Throws TaskError where a .npy file of floats below `staged`, or a metric, has
// such a value: "diverged" where the task trains, applies a trained model or descends a gradient, otherwise "input".
void check_finite(const std::filesystem::path& staged, const Json& metrics, const protocol::Run& task);

}  // namespace latentgrid::worker
