// Mean error of the reconstructions, of clean images or, denoising, of those before the noise (Vincent et al. 2008).
#include <ATen/ATen.h>

#include <functional>
#include <string>

#include "methods/methods.hpp"
#include "nn/losses.hpp"
#include "nn/objective.hpp"

namespace latentgrid::nn {

namespace {

using Corruption = std::function<at::Tensor(const at::Tensor&)>;

Corruption corruption_of(const Json& training) {
  const std::string kind = training.at("denoise");
  if (kind == "gaussian") {
    return [sd = training.at("noise_sd").get<double>()](const at::Tensor& images) { return images + at::randn_like(images) * sd; };
  }
  if (kind == "mask") {  // a pixel with all of its channels
    return [share = training.at("masked").get<double>()](const at::Tensor& images) {
      const at::Tensor kept = at::rand({images.size(0), 1, images.size(2), images.size(3)}, images.options()) >= share;
      return images * kept.to(images.scalar_type());
    };
  }
  return [](const at::Tensor& images) { return images; };
}

class AutoencoderObjective : public Objective {
 public:
  AutoencoderObjective(const Json& training, const Compute& compute)
      : Objective(training.at(model_parameter), compute), corrupted_(corruption_of(training)), error_(loss_function(training.at("loss"))) {}

  at::Tensor loss(const TrainingBatch& batch) override {
    const at::Tensor& images = batch.views[0];
    return error_(model_.decode(model_.encode(corrupted_(images))), images);
  }

 private:
  Corruption corrupted_;
  LossFunction error_;
};

}  // namespace

std::unique_ptr<Objective> autoencoder_objective(const Json& training, const Compute& compute) {
  return std::make_unique<AutoencoderObjective>(training, compute);
}

}  // namespace latentgrid::nn
