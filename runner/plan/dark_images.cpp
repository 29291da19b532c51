#include "plan/dark_images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/open_input.hpp"
#include "data/selection.hpp"


namespace latentgrid {

namespace {

constexpr std::int64_t most_bytes = 4 << 20;

// Of the first `images`.
std::uint8_t brightest_value(PreparedImages& file, std::int64_t images) {
  std::uint8_t brightest = 0;
  for (std::int64_t i = 0; i < images; ++i) {
    const auto pixels = file.image(i);
    brightest = std::max(brightest, *std::max_element(pixels.begin(), pixels.end()));
    if (brightest > 1 && file.largest_rounding() == 0) break;
  }
  return brightest;
}

}  // namespace

void warn_of_dark_images(const DatasetSource& source, const DatasetPositions& where, Diagnostics& diagnostics) {
  constexpr double least_rounding = 0.01;  // what is an exact byte as float32 is off by less
  for (std::size_t i = 0; i < source.images.size(); ++i) {
    const std::filesystem::path& path = source.images[i];
    PreparedImages file(open_image_source(path), source.preparation);  // which has been opened before
    const std::int64_t images = std::min(file.count(), std::max<std::int64_t>(1, most_bytes / file.shape().values()));
    const std::uint8_t brightest = blame(DatasetError::Part::images, i, [&] { return brightest_value(file, images); });
    const SourcePosition& position = where.of(DatasetError(DatasetError::Part::images, i, ""));
    if (file.largest_rounding() > least_rounding) {
      diagnostics.warning(position,
                          fmt::format("the values of {} are rounded to 256 steps from {} to {}", path.string(),
                                      (*source.preparation.values)[0], (*source.preparation.values)[1]),
                          "images are kept as bytes; finer differences are lost");
    }
    if (brightest != 1) continue;
    diagnostics.warning(position,
                        fmt::format("the {}images of {} hold only the values 0 and 1, but pixels go from 0 (black) to 255 (white)",
                                    images < file.count() ? fmt::format("first {} ", images) : "", path.string()),
                        "if they are black and white, write values: [0, 1] beside images; if floats from 0 to 1 were cast to uint8, "
                        "use those floats with values: [0, 1] instead");
  }
}

}  // namespace latentgrid
