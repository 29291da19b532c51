#include <fmt/format.h>
#include <fmt/ranges.h>

#include "data/features.hpp"
#include "data/raw_pixels.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "nn/encoder.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

#define DECLARE(name) nn::Encoding encode_##name(TaskContext& context);
LATENTGRID_ENCODERS(DECLARE)
#undef DECLARE

namespace {

nn::Encoding by_trained_model(TaskContext& context) {
  const ImagesInput images(context);
  return torch_module().encode_images(context.input("model"), images.view(), arithmetic_of(context.task()),
                                      [&](std::int64_t done) { context.progress(done, images.view().count); });
}

nn::Encoding encode_task(TaskContext& context) {
  const std::string method = context.task().params.at("method");
#define ENCODE(name) \
  if (method == #name) return encode_##name(context);
  LATENTGRID_ENCODERS(ENCODE)
#undef ENCODE
  throw TaskError("parameter", fmt::format("no encoder is called '{}'; there are {}", method, fmt::join(method_names(MethodKind::encoder), ", ")));
}

}  // namespace

nn::Encoding encode_autoencoder(TaskContext& context) { return by_trained_model(context); }

nn::Encoding encode_contrastive(TaskContext& context) { return by_trained_model(context); }

// The scaled pixels themselves, flat in C, H, W order as in PyTorch.
nn::Encoding encode_raw(TaskContext& context) {
  const ImagesInput input(context);
  const ImageView images = input.view();
  const PixelRange range = range_in(context.task().params);
  nn::Encoding encoding;
  encoding.count = images.count;
  encoding.dim = images.channels * images.height * images.width;
  encoding.latents.resize(encoding.count * encoding.dim);
  for (std::int64_t i = 0; i < images.count; ++i) {
    flatten_pixels(images, i, range, encoding.latents.data() + i * encoding.dim);
    context.progress(i + 1, images.count);
  }
  return encoding;
}

nn::Encoding encode_features(TaskContext& context) {
  const Json& dataset = context.task().sources.at("dataset");
  FeatureSet features = load_features(DatasetSource::from_json(dataset),
                                      [&](std::int64_t done, std::int64_t total) { context.progress(done, total); });
  if (features.identity != context.task().params.at(features_parameter)) {
    throw TaskError("input", fmt::format("the features of dataset '{}' have changed since the run was planned; run the sweep again",
                                         dataset.value("name", "")));
  }
  nn::Encoding encoding;
  encoding.count = features.count;
  encoding.dim = features.width;
  encoding.latents = std::move(features.values);
  return encoding;
}

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
  Json record = {{"method", task.params.at("method")}, {"latent_dim", encoding.dim}};
  if (!encoding.head_clusters.empty()) {
    write_npy(staged / heads_file, std::span<const std::int32_t>(encoding.head_clusters), {encoding.count});
    if (encoding.head) record["cluster_head"] = *encoding.head;
  }
  context.publish(0, staged, metrics, record);
}

}  // namespace latentgrid::worker
