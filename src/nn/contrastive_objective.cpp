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

// Values of an image behind the encoder.
std::int64_t width_of(AutoencoderModule& model, const Json& description, const Compute& compute) {
  const Json& input = description.at("input");
  const at::NoGradGuard no_grad;
  model.train(false);
  const at::Tensor image = at::zeros({1, input.at(0), input.at(1), input.at(2)}, at::TensorOptions(compute.device()));
  return model.encode(image.contiguous(at::MemoryFormat::ChannelsLast)).numel();
}

class ContrastiveObjective : public Objective {
 public:
  ContrastiveObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute), temperature_(training.at("temperature")) {
    const std::int64_t width = width_of(model_, training.at(model_parameter), compute);
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
