#pragma once

#include <cstdint>
#include <string>

namespace latentgrid::cli {

std::string size_text(std::int64_t bytes);  // "512 B", "3.1 MB": units of 1000

}  // namespace latentgrid::cli
