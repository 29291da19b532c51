#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "data/image_source.hpp"

namespace latentgrid {

// One decoded picture: gray or RGB, H×W×C.
struct Picture {
  ImageShape shape;
  Element element;  // 8 bits, or 16 of a PNG
  std::vector<std::byte> values;
};

// Decode the bytes of a file. Palettes become RGB, fewer than 8 bits become 8, transparent pixels are laid over white,
// and a JPEG whose EXIF data says that it is turned is turned upright. Throw HintedError naming `path` for damage, CMYK
// and animations.
void decode_png(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture);
void decode_jpeg(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture);

}  // namespace latentgrid
