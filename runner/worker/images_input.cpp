#include "worker/images_input.hpp"

#include <fmt/format.h>

#include "methods/artifact_files.hpp"

namespace latentgrid::worker {

ImagesInput::ImagesInput(const TaskContext& context) : file_(context.input("images") / images_file) {
  const std::vector<std::int64_t>& shape = file_.header().shape;
  if (shape.size() != 4) throw TaskError("input", fmt::format("{} doesn't have four dimensions", images_file));
  view_ = {file_.uint8s(), shape[0], shape[1], shape[2], shape[3]};
}

std::vector<std::int64_t> chosen_images(const protocol::Run& task, const ImageView& images, const char* what) {
  const auto chosen = task.params.at("images").get<std::vector<std::int64_t>>();
  if (chosen.empty()) throw TaskError("parameter", fmt::format("there is no image to {}: the list is empty", what));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] < 0 || chosen[i] >= images.count) {
      throw TaskError("parameter", fmt::format("there is no image {}: the data set has {}, counted from 0", chosen[i], images.count));
    }
    if (i > 0 && chosen[i] <= chosen[i - 1]) {
      throw TaskError("parameter", fmt::format("images to {} must be distinct and ascending: {} follows {}", what, chosen[i], chosen[i - 1]));
    }
  }
  return chosen;
}

std::vector<std::uint8_t> pixels_of(const ImageView& images, std::span<const std::int64_t> chosen) {
  const auto values = static_cast<std::size_t>(images.height * images.width * images.channels);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(chosen.size() * values);
  for (const std::int64_t index : chosen) {
    const auto image = images.pixels.subspan(static_cast<std::size_t>(index) * values, values);
    pixels.insert(pixels.end(), image.begin(), image.end());
  }
  return pixels;
}

}  // namespace latentgrid::worker
