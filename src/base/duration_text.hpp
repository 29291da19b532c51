#pragma once

#include <string>

namespace latentgrid {

std::string duration_text(double seconds);  // "0.42 s", "12 s", "3 min 05 s", "2 h 10 min"

}  // namespace latentgrid
