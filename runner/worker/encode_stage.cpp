#include <fmt/format.h>

#include "data/features.hpp"
#include "data/raw_pixels.hpp"
#include "methods/artifact_files.hpp"
#include "nn/encoder.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

// The scaled pixels themselves, flat in C, H, W order as in PyTorch.
nn::Encoding raw_pixels(const ImageView& images, PixelRange range, const nn::ImagesDone& images_done) {
  nn::Encoding encoding;
  encoding.count = images.count;
  encoding.dim = images.channels * images.height * images.width;
  encoding.latents.resize(encoding.count * encoding.dim);
  for (std::int64_t i = 0; i < images.count; ++i) {
    flatten_pixels(images, i, range, encoding.latents.data() + i * encoding.dim);
    images_done(i + 1);
  }
  return encoding;
}

nn::Encoding features_of(TaskContext& context) {
  const Json& dataset = context.task().sources.at("dataset");
  FeatureSet features = load_features(DatasetSource::from_json(dataset),
                                      [&](std::int64_t done, std::int64_t total) { context.progress(done, total); });
  if (features.identity != context.task().params.at("features")) {
    throw TaskError("input", fmt::format("the features of dataset '{}' have changed since the run was planned; run the sweep again",
                                         dataset.value("name", "")));
  }
  nn::Encoding encoding;
  encoding.count = features.count;
  encoding.dim = features.width;
  encoding.latents = std::move(features.values);
  return encoding;
}

nn::Encoding encode_task(TaskContext& context) {
  const Json& params = context.task().params;
  if (params.at("method") == "features") return features_of(context);
  const ImagesInput input(context);
  const ImageView images = input.view();
  auto images_done = [&](std::int64_t done) { context.progress(done, images.count); };
  const std::string method = params.at("method");
  if (method == "raw") return raw_pixels(images, range_in(params), images_done);
  if (method != "autoencoder") {
    throw TaskError("parameter", fmt::format("this worker knows no encoder '{}'", method));
  }
  return torch_module().encode_images(context.input("model"), images, arithmetic_of(context.task()), images_done);
}

}  // namespace

void run_encode(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists("encode", {task.key, 0})) return;
  const nn::Encoding encoding = encode_task(context);
  Json metrics = Json::object();
  auto staged = context.new_staging_folder();
  write_npy(staged / latents_file, std::span<const float>(encoding.latents), {encoding.count, encoding.dim});
  if (!encoding.errors.empty()) {
    write_npy(staged / errors_file, std::span<const float>(encoding.errors), {encoding.count});
    metrics["recon_mse"] = encoding.recon_mse;
  }
  context.publish(0, staged, metrics, {{"method", task.params.at("method")}, {"latent_dim", encoding.dim}});
}

}  // namespace latentgrid::worker
