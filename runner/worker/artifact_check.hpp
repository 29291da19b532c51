#pragma once

#include <filesystem>
#include <string_view>

#include "base/json.hpp"
#include "protocol/messages.hpp"

namespace latentgrid::worker {

// Nothing is published that is not finite. Throws TaskError where a .npy file of floats below `staged`, or a metric, has
// such a value: "diverged" where the task trains, applies a trained model or descends a gradient, otherwise "input".
void check_finite(const std::filesystem::path& staged, const Json& metrics, const protocol::Run& task);

// Nor with other files than its stage and its method list: throws TaskError, "internal".
void check_files(const std::filesystem::path& staged, std::string_view stage, const Json& params);

}  // namespace latentgrid::worker
