#include "plan/turned_images.hpp"

#include <fmt/format.h>

#include "data/image_source.hpp"
#include "data/open_input.hpp"
#include "data/shell_line.hpp"

namespace latentgrid {

void warn_of_turned_images(const DatasetSource& source, const DatasetPositions& where, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < source.images.size(); ++i) {
    const std::filesystem::path& path = source.images[i];
    if (path.extension() != ".npy") continue;
    const auto file = open_image_source(path);
    const auto [height, width, channels] = file->shape();
    if (channels != 1 || height < 2 || file->count() != height || width <= 4 * height) continue;
    diagnostics.warning(
        where.of(DatasetError(DatasetError::Part::images, i, "")),
        fmt::format("{0} is read as {1} images of {1}×{2}, but it may hold {2} images of {1}×{1} as H×W×N",
                    path.string(), height, width),
        "if it does, " + run_python({.in = path,
                                     .suffix = "images",
                                     .expression = fmt::format(
                                         "np.load({{in}}).reshape({0}, {0}, {1}).transpose(2, 0, 1)", height, width)}));
  }
}

}  // namespace latentgrid
