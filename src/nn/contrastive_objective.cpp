// SimCLR (Chen et al. 2020): a head of two layers behind the encoder, and NT-Xent.
#include <ATen/ATen.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/linear.h>

#include "base/error.hpp"
#include "methods/methods.hpp"
#include "nn/nt_xent.hpp"
#include "nn/objective.hpp"
#include "nn/run_layers.hpp"

namespace latentgrid::nn {

namespace {

class ContrastiveObjective : public Objective {
 public:
  ContrastiveObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute), temperature_(training.at("temperature")) {
    const std::int64_t width = latent_width(training.at(model_parameter));
    beside_->push_back(torch::nn::Linear(width, width));
    beside_->push_back(torch::nn::ReLU());
    beside_->push_back(torch::nn::Linear(width, training.at("projection_dim").get<std::int64_t>()));
    beside_->to(compute.device());
  }

  at::Tensor loss(const TrainingBatch& batch) override {
    const at::Tensor views = at::cat(batch.views);
    return nt_xent(run_layers(beside_, model_.encode(views).flatten(1)), temperature_);
  }

 private:
  double temperature_;
};

}  // namespace

std::unique_ptr<Objective> contrastive_objective(const Json& training, const Compute& compute) {
  return std::make_unique<ContrastiveObjective>(training, compute);
}

}  // namespace latentgrid::nn
