#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "data/picture.hpp"

namespace latentgrid {

// Decodes the bytes of a file. Palettes become RGB, fewer than 8 bits become 8, transparent pixels are laid over white. Throws
// HintedError naming `path` for damage and animations.
void decode_png(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture);

}  // namespace latentgrid
