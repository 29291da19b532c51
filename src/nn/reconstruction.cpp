#include "nn/reconstruction.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "nn/batches.hpp"
#include "nn/trained_model.hpp"

namespace latentgrid::nn {

namespace {

void copy_originals(const ImageView& images, std::span<const std::int64_t> chosen,
                    std::vector<std::uint8_t>& originals) {
  const auto values = static_cast<std::size_t>(images.height * images.width * images.channels);
  originals.reserve(chosen.size() * values);
  for (std::int64_t index : chosen) {
    if (index < 0 || index >= images.count)
      throw Error(fmt::format("there is no image {} among {}", index, images.count));
    const auto pixels = images.pixels.subspan(static_cast<std::size_t>(index) * values, values);
    originals.insert(originals.end(), pixels.begin(), pixels.end());
  }
}

}  // namespace

Reconstruction reconstruct_images(const std::filesystem::path& folder, const ImageView& images,
                                  std::span<const std::int64_t> chosen, const Arithmetic& arithmetic,
                                  const ImagesDone& images_done) {
  c10::InferenceMode no_autograd;
  Reconstruction result{
      static_cast<std::int64_t>(chosen.size()), images.height, images.width, images.channels, {}, {}, {}, {}};
  copy_originals(images, chosen, result.originals);
  TrainedModel model = read_trained_model(folder, arithmetic);
  check_images(model, images, folder);
  result.range = range_in(model.description);
  ImageBatches batches(images, result.range, model.compute);
  const at::Tensor indices = batches.on_device(chosen);
  for (std::int64_t first = 0; first < result.count; first += images_at_once) {
    const std::int64_t size = std::min(images_at_once, result.count - first);
    const at::Tensor batch = batches.rows(indices.narrow(0, first, size));
    const at::Tensor reconstructions = model.module.decode(model.module.encode(batch));
    append(result.reconstructions, reconstructions.permute({0, 2, 3, 1}));
    append(result.errors, squared_errors(reconstructions, batch));
    images_done(first + size);
  }
  return result;
}

}  // namespace latentgrid::nn
