#pragma once

#include <map>
#include <string>

#include "model/architecture.hpp"

namespace latentgrid {

// AE1, AE2, conv5 and small_resnet by their names.
std::map<std::string, Architecture> built_in_architectures();

}  // namespace latentgrid
