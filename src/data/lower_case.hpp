#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace latentgrid {

// Of ASCII letters; others stay.
inline std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

}  // namespace latentgrid
