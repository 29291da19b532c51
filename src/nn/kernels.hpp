#pragma once

#include <string>
#include <string_view>

#include "neighbors/services.hpp"

namespace latentgrid::nn {

// A part of a method on a device ("cuda:0"), by its name. Throws Error if the device cannot be used, or for an unknown name.
KernelResult run_kernel(std::string_view name, const MatrixRf& input, const std::string& device);

}  // namespace latentgrid::nn
