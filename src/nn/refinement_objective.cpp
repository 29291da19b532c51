// DEC (Xie et al. 2016) and IDEC (Guo et al. 2017). Unlike theirs, the model's batch norms keep the statistics of the training and its
// dropout is off, as when images are encoded: otherwise targets and assignments would be of two different encoders.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "methods/methods.hpp"
#include "nn/batches.hpp"
#include "nn/checkpoint.hpp"
#include "nn/cluster_targets.hpp"
#include "nn/objective.hpp"
#include "nn/trained_model.hpp"

namespace latentgrid::nn {

namespace {

class RefinementObjective : public Objective {
 public:
  RefinementObjective(const Json& refinement, const Compute& compute, const ImageView& images)
      : Objective(refinement.at(model_parameter), compute),
        images_(images, range_in(refinement.at(model_parameter)), compute),
        count_(images.count),
        tolerance_(refinement.at("tolerance")),
        update_interval_(refinement.at("update_interval")),
        targets_(images.count, refinement.at("k").get<std::int64_t>(), values_behind_encoder(model_, refinement.at(model_parameter), compute)) {
    targets_->to(compute.device());
    beside_->push_back(targets_);
  }

  void start_from(const std::filesystem::path& model, std::span<const float> centers) override {
    load_model(model, model_.tensors());
    const at::NoGradGuard no_grad;
    const auto size = targets_->centers.sizes();
    targets_->centers.copy_(at::tensor(at::ArrayRef<float>(centers.data(), centers.size())).reshape(size));
  }

  // The statistics of batch norms stay as the training left them.
  void begin_epoch() override {
    model_.train(false);
    converged_ = targets_->converged();
  }

  bool before_batch(std::int64_t batch) override {
    if (!converged_ && batch % update_interval_ == 0) {
      targets_->update(assignments_of_all(), tolerance_);
      converged_ = targets_->converged();
    }
    return !converged_;
  }
  bool is_over() const override { return targets_->converged(); }

  at::Tensor loss(const TrainingBatch& batch) override {
    const at::Tensor latents = model_.encode(batch.views[0]);
    return cluster_loss(batch, latents) + other_loss(batch, latents);
  }

  Json metrics() const override {
    if (targets_->updates() < 2) return Json::object();
    return {{"clusters_changed", targets_->share_changed()}};
  }
  Json record() const override { return {{"updates", targets_->updates()}, {"converged", targets_->converged()}}; }

 protected:
  virtual at::Tensor cluster_loss(const TrainingBatch& batch, const at::Tensor& latents) {
    return cluster_divergence(targets_->targets.index_select(0, batch.images), targets_->forward(latents.flatten(1)));
  }
  virtual at::Tensor other_loss(const TrainingBatch&, const at::Tensor& latents) { return at::zeros({}, latents.options()); }

 private:
  at::Tensor assignments_of_all() {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> rows;
    for (std::int64_t first = 0; first < count_; first += images_at_once) {
      const std::int64_t size = std::min(images_at_once, count_ - first);
      rows.push_back(targets_->forward(model_.encode(images_.range(first, size)).flatten(1)));
    }
    return at::cat(rows);
  }

  ImageBatches images_;
  std::int64_t count_;
  double tolerance_;
  std::int64_t update_interval_;
  ClusterTargets targets_;
  bool converged_ = false;  // as the targets say: on a GPU each look at them waits for it
};

class ImprovedObjective : public RefinementObjective {
 public:
  ImprovedObjective(const Json& refinement, const Compute& compute, const ImageView& images)
      : RefinementObjective(refinement, compute, images), gamma_(refinement.at("gamma")) {}

 protected:
  at::Tensor cluster_loss(const TrainingBatch& batch, const at::Tensor& latents) override {
    return RefinementObjective::cluster_loss(batch, latents) * gamma_;
  }
  at::Tensor other_loss(const TrainingBatch& batch, const at::Tensor& latents) override {
    return (model_.decode(latents) - batch.views[0]).square().mean();
  }

 private:
  double gamma_;
};

}  // namespace

std::unique_ptr<Objective> dec_objective(const Json& refinement, const Compute& compute, const ImageView& images) {
  return std::make_unique<RefinementObjective>(refinement, compute, images);
}

std::unique_ptr<Objective> idec_objective(const Json& refinement, const Compute& compute, const ImageView& images) {
  return std::make_unique<ImprovedObjective>(refinement, compute, images);
}

}  // namespace latentgrid::nn
