#include "worker/refine_stage.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "cluster/clustering.hpp"
#include "methods/methods.hpp"
#include "methods/refinement.hpp"
#include "nn/encoder.hpp"
#include "worker/images_input.hpp"
#include "worker/trainer_run.hpp"

namespace latentgrid::worker {

namespace {

// The middles of the clusters that k-means finds in the trained encoder's latents, as the papers begin.
MatrixRf first_centers(TaskContext& context, const ImageView& images) {
  const protocol::Run& task = context.task();
  const nn::Encoding encoding = nn::encode_images(context.input("model"), images, arithmetic_of(task), [](std::int64_t) {});
  const Eigen::Map<const MatrixRf> points(encoding.latents.data(), encoding.count, encoding.dim);
  const MethodSpec& method = default_clustering();
  const std::int64_t k = task.params.at("k");
  const Json params = method.complete({{"k", k}, {"n_init", refinement_starts}});
  const auto clusters = run_clustering(method.name, {.points = points, .params = params, .seed = task.seed, .threads = context.threads()}).front().clusters;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> sums(k, encoding.dim);
  sums.setZero();
  std::vector<double> counts(static_cast<std::size_t>(k));
  for (std::int64_t i = 0; i < encoding.count; ++i) {
    sums.row(clusters[static_cast<std::size_t>(i)]) += points.row(i).cast<double>();
    ++counts[static_cast<std::size_t>(clusters[static_cast<std::size_t>(i)])];
  }
  for (std::int64_t j = 0; j < k; ++j) sums.row(j) /= std::max(counts[static_cast<std::size_t>(j)], 1.0);
  return sums.cast<float>();
}

}  // namespace

void refine(TaskContext& context) {
  const std::vector<std::int64_t> missing = missing_epochs(context);
  if (missing.empty()) return;
  const ImagesInput images(context);
  Json refinement = context.task().params;
  refinement[model_parameter] = nn::read_model_description(context.input("model"));
  const nn::TrainingOptions options = trainer_options(context.task());
  nn::Trainer trainer(refinement, options, images.view());
  run_trainer(context, trainer, options, missing, [&] {
    const MatrixRf centers = first_centers(context, images.view());
    trainer.start_from(context.input("model"), std::span<const float>(centers.data(), static_cast<std::size_t>(centers.size())));
  });
}

}  // namespace latentgrid::worker
