#include "nn/generation.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "nn/batches.hpp"
#include "nn/trained_model.hpp"

namespace latentgrid::nn {

namespace {

std::int64_t width_of_latent(const TrainedModel& model, const std::filesystem::path& folder) {
  const Json& encoder = model.description.at("encoder");
  if (encoder.empty() || encoder.back().at("type") != "linear") {
    throw Error(fmt::format("{}: nothing can be drawn of a latent that no linear layer makes", folder.string()));
  }
  return encoder.back().at("out_features");
}

at::Tensor draws(std::int64_t first, std::int64_t count, std::int64_t width, std::int64_t seed) {
  at::Tensor latents = at::empty({count, width}, at::kFloat);
  float* out = latents.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i) {
    RandomStream random(seed, "sample", {first + i});
    for (std::int64_t j = 0; j < width; ++j) *out++ = static_cast<float>(random.normal());
  }
  return latents;
}

GeneratedImages none_of(const TrainedModel& model) {
  const Json& input = model.description.at("input");
  return {0, input.at(1), input.at(2), input.at(0), {}, range_in(model.description)};
}

void decode(TrainedModel& model, const at::Tensor& latents, GeneratedImages& images) {
  append(images.values, model.module.decode(latents.to(model.compute.device())).permute({0, 2, 3, 1}));
  images.count += latents.size(0);
}

}  // namespace

GeneratedImages sample_images(const std::filesystem::path& folder, std::int64_t count, std::int64_t seed, const Arithmetic& arithmetic,
                              const ImagesDone& images_done) {
  c10::InferenceMode no_autograd;
  TrainedModel model = read_trained_model(folder, arithmetic);
  const std::int64_t width = width_of_latent(model, folder);
  GeneratedImages result = none_of(model);
  while (result.count < count) {
    decode(model, draws(result.count, std::min(images_at_once, count - result.count), width, seed), result);
    images_done(result.count);
  }
  return result;
}

GeneratedImages interpolate_images(const std::filesystem::path& folder, const ImageView& images, std::span<const std::int64_t> ends,
                                   std::int64_t steps, const Arithmetic& arithmetic, const ImagesDone& images_done) {
  c10::InferenceMode no_autograd;
  for (const std::int64_t index : ends) {
    if (index < 0 || index >= images.count) throw Error(fmt::format("there is no image {} among {}", index, images.count));
  }
  TrainedModel model = read_trained_model(folder, arithmetic);
  check_images(model, images, folder);
  GeneratedImages result = none_of(model);
  const ImageBatches batches(images, result.range, model.compute);
  for (std::size_t pair = 0; pair + 1 < ends.size(); pair += 2) {
    const at::Tensor latents = model.module.encode(batches.rows(batches.on_device(ends.subspan(pair, 2))));
    std::vector<at::Tensor> between;
    for (std::int64_t step = 0; step < steps; ++step) {
      const double share = static_cast<double>(step) / static_cast<double>(steps - 1);
      between.push_back(latents[0] * (1 - share) + latents[1] * share);  // at either end exactly that latent
    }
    decode(model, at::stack(between), result);
    images_done(result.count);
  }
  return result;
}

}  // namespace latentgrid::nn
