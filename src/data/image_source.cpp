#include "data/image_source.hpp"

#include <fmt/format.h>

namespace latentgrid {

bool ImageShape::too_large() const {
  std::int64_t bytes = 1;
  for (std::int64_t size : {height, width, channels}) {
    if (__builtin_mul_overflow(bytes, size, &bytes)) return true;
  }
  return bytes > largest_image;
}

std::string ImageSource::title(std::int64_t i) const {
  const std::string file = file_of(i);
  return file.empty() ? fmt::format("{}: image {}", name_.string(), i) : (name_ / file).string();
}

}  // namespace latentgrid
