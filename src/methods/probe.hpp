#pragma once

#include <vector>

#include "methods/parameter.hpp"

namespace latentgrid {

inline constexpr const char* probe_stage = "probe";

// The parameters of stage probe, which says how well the classes can be told apart in what an encoder makes of images, whatever
// clusters it. The section `probe:` of a sweep has them.
const std::vector<ParamSpec>& probe_params();

}  // namespace latentgrid
