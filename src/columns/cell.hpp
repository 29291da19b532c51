#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace latentgrid {

// One value of a row: NULL, integer, real or text (a blob comes as hex digits).
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

}  // namespace latentgrid
