#include "plan/dark_images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/image_file.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_bytes = 4 << 20;

// Of the first `images`.
std::uint8_t brightest_value(ImageFile& file, std::int64_t images) {
  std::uint8_t brightest = 0;
  for (std::int64_t i = 0; i < images && brightest <= 1; ++i) {
    const auto pixels = file.image(i);
    brightest = std::max(brightest, *std::max_element(pixels.begin(), pixels.end()));
  }
  return brightest;
}

}  // namespace

void warn_of_dark_images(const DatasetSource& source, const DatasetPositions& where, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < source.images.size(); ++i) {
    const std::filesystem::path& path = source.images[i];
    const auto file = open_image_file(path);
    const std::int64_t images = std::min(file->count(), std::max<std::int64_t>(1, most_bytes / file->shape().bytes()));
    if (brightest_value(*file, images) != 1) continue;
    std::string hint = "if floats from 0 to 1 were cast to uint8, multiply them by 255 before the cast";
    if (path.extension() == ".npy") {
      hint += "; if they are black and white, " +
              run_python({.in = path, .suffix = "uint8", .expression = "np.load({in}) * np.uint8(255)"});
    }
    diagnostics.warning(where.of(DatasetError(DatasetError::Part::images, i, "")),
                        fmt::format("the {}images of {} hold only the values 0 and 1, but pixels go from 0 (black) to 255 (white)",
                                    images < file->count() ? fmt::format("first {} ", images) : "", path.string()),
                        hint);
  }
}

}  // namespace latentgrid
