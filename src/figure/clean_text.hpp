#pragma once

#include <string>
#include <string_view>

namespace latentgrid {

// What may be drawn or sent as JSON: bytes that are no UTF-8 become U+FFFD, control characters a space; newlines stay.
std::string clean_text(std::string_view text);

}  // namespace latentgrid
