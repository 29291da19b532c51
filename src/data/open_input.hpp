#pragma once

#include <filesystem>
#include <memory>

#include "data/array_input.hpp"
#include "data/file_role.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// A user's file, by the first of the formats that reads it. Reads no more than the header, which says nothing that the
// file's size belies. Throws HintedError naming the file, what is wrong with it and what to do.
std::unique_ptr<ImageSource> open_image_source(const std::filesystem::path& name);
ArrayInput open_array(const std::filesystem::path& name, FileRole role);

}  // namespace latentgrid
