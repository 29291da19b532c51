#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "data/picture.hpp"

namespace latentgrid {

// Decodes the bytes of a file; one whose EXIF data says that it is turned is turned upright. Throws HintedError naming `path`
// for damage and CMYK.
void decode_jpeg(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture);

}  // namespace latentgrid
