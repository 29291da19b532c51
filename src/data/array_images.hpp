#pragma once

#include <filesystem>
#include <memory>

#include "data/array_input.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// Images in an array, N×H×W×C or N×H×W.
std::unique_ptr<ImageSource> images_in_array(const std::filesystem::path& name, ArrayInput array);

}  // namespace latentgrid
