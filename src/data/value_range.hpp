#pragma once

#include <optional>

namespace latentgrid {

struct ArrayInput;

struct ValueRange {
  double lowest = 0, highest = 0;  // of those that are numbers
  bool not_numbers = false;        // NaN or infinite
  bool whole = true;               // whether the numbers are whole
};

// Of a whole array. Nothing if it holds no number, or values of a type that element_of() does not know. Reads it in blocks.
std::optional<ValueRange> value_range(const ArrayInput& array);

}  // namespace latentgrid
