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

// Of the first 16 MiB of an array; nothing if they hold no number or values of a type that element_of() does not know.
std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header);

}  // namespace latentgrid
