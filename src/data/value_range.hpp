#pragma once

#include <optional>

#include "base/input_file.hpp"
#include "store/npy.hpp"

namespace latentgrid {

struct ValueRange {
  double lowest = 0, highest = 0;  // of those that are numbers
  bool not_numbers = false;        // NaN or infinite
};

// Of the first 16 MiB of an array; nothing if it is empty or of another type than little-endian numbers.
std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header);

}  // namespace latentgrid
