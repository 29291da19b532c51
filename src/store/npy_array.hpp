#pragma once

#include <filesystem>

#include "base/array.hpp"

namespace latentgrid {

// An array as a .npy file of an artifact, and back; shape and type are kept. read_array() throws Error for a type that Array
// does not have.
void write_npy(const std::filesystem::path& path, const Array& array);
Array read_array(const std::filesystem::path& path);

}  // namespace latentgrid
