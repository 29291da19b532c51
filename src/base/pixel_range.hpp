#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid {

// What the bytes 0 and 255 become as floats; those between lie in proportion.
enum class PixelRange {
  minus_one_to_one,  // x/127.5 - 1
  zero_to_one        // x/255
};

inline const char* range_text(PixelRange range) { return range == PixelRange::zero_to_one ? "[0, 1]" : "[-1, 1]"; }

// The member "range" of parameters and models, which is younger than artifacts whose keys must stay: left out at [-1, 1].
inline void put_range(Json& object, PixelRange range) {
  if (range == PixelRange::zero_to_one) object["range"] = {0, 1};
}
inline PixelRange range_in(const Json& object) {
  return object.is_object() && object.contains("range") ? PixelRange::zero_to_one : PixelRange::minus_one_to_one;
}

}  // namespace latentgrid
