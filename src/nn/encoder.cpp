#include "nn/encoder.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "nn/batches.hpp"
#include "nn/cluster_heads.hpp"
#include "nn/cluster_targets.hpp"
#include "nn/trained_model.hpp"

namespace latentgrid::nn {

Encoding encode_images(const std::filesystem::path& folder, const ImageView& images, const Arithmetic& arithmetic,
                       const ImagesDone& images_done) {
  c10::InferenceMode no_autograd;
  TrainedModel model = read_trained_model(folder, arithmetic);
  check_images(model, images, folder);
  ImageBatches batches(images, range_in(model.description), model.compute);
  Encoding encoding;
  encoding.count = images.count;
  std::optional<ClusterHead> head = read_best_head(folder, model.compute);
  if (!head) head = read_centers(folder, model.compute);
  if (head) encoding.head = head->number;
  for (std::int64_t first = 0; first < images.count; first += images_at_once) {
    const std::int64_t size = std::min(images_at_once, images.count - first);
    const at::Tensor batch = batches.range(first, size);
    const at::Tensor latents = model.module.encode(batch);
    if (first == 0) encoding.latents.reserve(static_cast<std::size_t>(latents.numel() / size * images.count));
    append(encoding.latents, latents.contiguous().flatten(1));
    if (head) {
      const std::vector<std::int32_t> clusters = head->clusters(latents.flatten(1));
      encoding.head_clusters.insert(encoding.head_clusters.end(), clusters.begin(), clusters.end());
    }
    if (model.module.has_decoder()) append(encoding.errors, squared_errors(model.module.decode(latents), batch));
    images_done(first + size);
  }
  encoding.dim = static_cast<std::int64_t>(encoding.latents.size()) / encoding.count;
  if (encoding.errors.empty()) return encoding;
  encoding.recon_mse =
      std::accumulate(encoding.errors.begin(), encoding.errors.end(), 0.0) / static_cast<double>(encoding.count);
  return encoding;
}

}  // namespace latentgrid::nn
