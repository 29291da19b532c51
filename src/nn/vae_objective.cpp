// The evidence lower bound with the sign of a loss (Kingma and Welling 2014), divided by the values of an image, as the error is a mean.
#include <ATen/ATen.h>
#include <torch/nn/modules/linear.h>

#include <utility>

#include "methods/methods.hpp"
#include "nn/losses.hpp"
#include "nn/objective.hpp"
#include "nn/run_layers.hpp"

namespace latentgrid::nn {

namespace {

class VaeObjective : public Objective {
 public:
  VaeObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute),
        trunk_(model_.layers_before_last()),
        error_(loss_function(training.at("loss"))),
        kl_weight_(training.at("kl_weight")),
        kl_warmup_(training.at("kl_warmup")) {
    const Json& last = training.at(model_parameter).at("encoder").back();
    const torch::nn::LinearOptions options(last.at("in_features").get<std::int64_t>(), last.at("out_features").get<std::int64_t>());
    beside_->push_back(torch::nn::Linear(options));  // of the values that the means are made of: the logarithms of the variances
    beside_->to(compute.device());
  }

  at::Tensor loss(const TrainingBatch& batch) override {
    const at::Tensor& images = batch.views[0];
    const auto [mean, log_variance] = gaussians(images);
    const at::Tensor latents = mean + at::randn_like(mean) * (log_variance * 0.5).exp();
    const at::Tensor divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1).mean() * 0.5;
    const double weight = weight_at(batch.epoch) / static_cast<double>(images[0].numel());
    return error_(model_.decode(latents), images) + divergence * weight;
  }

 private:
  std::pair<at::Tensor, at::Tensor> gaussians(const at::Tensor& images) {
    const Autocast autocast(compute_);
    const at::Tensor values = run_layers(trunk_, images);
    at::Tensor mean = model_.last_of_encoder(values);
    return {mean.to(at::kFloat), run_layers(beside_, values).to(at::kFloat)};
  }

  double weight_at(std::int64_t epoch) const {
    if (epoch >= kl_warmup_) return kl_weight_;
    return kl_weight_ * static_cast<double>(epoch) / static_cast<double>(kl_warmup_);
  }

  torch::nn::Sequential trunk_;
  LossFunction error_;
  double kl_weight_;
  std::int64_t kl_warmup_;
};

}  // namespace

std::unique_ptr<Objective> vae_objective(const Json& training, const Compute& compute) {
  return std::make_unique<VaeObjective>(training, compute);
}

}  // namespace latentgrid::nn
