#include "nn/encoder.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/json.hpp"
#include "nn/autoencoder.hpp"
#include "nn/batches.hpp"
#include "nn/checkpoint.hpp"

namespace latentgrid::nn {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t batch_size = 128;  // fixed: another size may give other floats

Json read_model_json(const fs::path& folder) {
  try {
    return Json::parse(read_file(folder / "model.json"));
  } catch (const Json::exception& error) {
    throw Error(fmt::format("{}: not a model description: {}", (folder / "model.json").string(), error.what()));
  }
}

void check_shape(const Json& model, const ImageView& images, const fs::path& folder) {
  Json shape = {images.channels, images.height, images.width};
  if (model.at("input") != shape) {
    throw Error(fmt::format("{} was trained on images of {}, these are {} (channels, height, width)", folder.string(),
                            model.at("input").dump(), shape.dump()));
  }
}

void append(std::vector<float>& values, const at::Tensor& tensor) {
  at::Tensor plain = tensor.to(at::kCPU).contiguous();
  values.insert(values.end(), plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
}

}  // namespace

Encoding encode_images(const fs::path& folder, const ImageView& images, const EncodingOptions& options,
                       const ImagesDone& images_done) {
  if (options.precision != "float32") throw Error(fmt::format("precision must be float32, not '{}'", options.precision));
  c10::InferenceMode no_autograd;
  const Json json = read_model_json(folder);
  check_shape(json, images, folder);
  const at::Device device = device_from(options.device);
  const MemoryFormat format = memory_format_from(options.memory_format);
  AutoencoderModule model(json, format, device);
  load_model(folder, model);
  model.train(false);

  ImageBatches batches(images, format, device);
  Encoding encoding;
  encoding.count = images.count;
  for (std::int64_t first = 0; first < images.count; first += batch_size) {
    const std::int64_t size = std::min(batch_size, images.count - first);
    at::Tensor batch = batches.range(first, size);
    at::Tensor latents = model.encode(batch);
    append(encoding.latents, latents.contiguous().flatten(1));
    append(encoding.errors, (model.decode(latents) - batch).square().mean({1, 2, 3}));
    images_done(first + size);
  }
  encoding.dim = static_cast<std::int64_t>(encoding.latents.size()) / encoding.count;
  encoding.recon_mse =
      std::accumulate(encoding.errors.begin(), encoding.errors.end(), 0.0) / static_cast<double>(encoding.count);
  return encoding;
}

}  // namespace latentgrid::nn
