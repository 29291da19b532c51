#pragma once

#include <optional>

#include "base/input_file.hpp"
#include "store/npy.hpp"

namespace latentgrid {

struct ValueRange {
  double lowest = 0, highest = 0;  // of those that are numbers
  bool not_numbers = false;        // NaN or infinite
  bool whole = true;               // whether the numbers are whole
};

// Of a whole array, since what is advised to be cast must fit. Nothing if it holds no number, or values of a type that
// element_of() does not know. Reads the file in blocks.
std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header);

}  // namespace latentgrid
