#pragma once

#include "base/input_file.hpp"
#include "store/npy.hpp"

namespace latentgrid {

// The header of an .npy file of the user's. Throws InputError naming the file, what is wrong with it and what to do.
NpyHeader read_input_header(const InputFile& file);

// Throws InputError unless the file holds the values that its header promises and nothing behind them.
void check_input_size(const InputFile& file, const NpyHeader& header);

}  // namespace latentgrid
