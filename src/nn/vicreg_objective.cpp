// VICReg (Bardes et al. 2022): an expander of three layers behind the encoder, and the loss of both views.
#include <ATen/ATen.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

#include "methods/methods.hpp"
#include "nn/objective.hpp"
#include "nn/run_layers.hpp"
#include "nn/vicreg.hpp"

namespace latentgrid::nn {

namespace {

class VicregObjective : public Objective {
 public:
  VicregObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute),
        weights_{.invariance = training.at("invariance_weight"), .variance = training.at("variance_weight"), .covariance = training.at("covariance_weight")} {
    const std::int64_t width = values_behind_encoder(model_, training.at(model_parameter), compute), dim = training.at("expander_dim");
    add_layer(width, dim);
    add_layer(dim, dim);
    beside_->push_back(torch::nn::Linear(torch::nn::LinearOptions(dim, dim).bias(false)));  // the loss would not depend on one
    beside_->to(compute.device());
  }

  at::Tensor loss(const TrainingBatch& batch) override {
    return vicreg_loss(expanded(batch.views[0]), expanded(batch.views[1]), weights_);
  }

 private:
  // Each view by itself, so that batch norms see one view, as in the paper.
  at::Tensor expanded(const at::Tensor& view) { return run_layers(beside_, model_.encode(view).flatten(1)); }

  void add_layer(std::int64_t in, std::int64_t out) {
    beside_->push_back(torch::nn::Linear(in, out));
    beside_->push_back(torch::nn::BatchNorm1d(out));
    beside_->push_back(torch::nn::ReLU());
  }

  VicregWeights weights_;
};

}  // namespace

std::unique_ptr<Objective> vicreg_objective(const Json& training, const Compute& compute) {
  return std::make_unique<VicregObjective>(training, compute);
}

}  // namespace latentgrid::nn
