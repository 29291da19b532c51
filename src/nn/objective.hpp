#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/json.hpp"
#include "nn/autoencoder.hpp"
#include "nn/named_tensors.hpp"

namespace latentgrid::nn {

struct TrainingBatch {
  std::vector<at::Tensor> views;  // of the same images, each b×C×H×W; as many as the training's MethodSpec says
  std::int64_t epoch = 0;         // from 0
};

// What a training minimizes: a model, layers beside it that are not used afterwards, and the loss of a batch. What it draws comes
// from torch's generator. Not thread-safe.
class Objective {
 public:
  Objective(const Json& model, const Compute& compute);
  virtual ~Objective() = default;

  // The mean over the images of the batch; a scalar to differentiate.
  virtual at::Tensor loss(const TrainingBatch& batch) = 0;

  void train(bool on);
  NamedTensors parameters() const;  // the model's, then those of the layers beside it
  NamedTensors tensors() const;     // the model's parameters and buffers, then those of the layers beside it

 protected:
  AutoencoderModule model_;
  torch::nn::Sequential beside_;  // what the checkpoint calls "head.0.weight"
  Compute compute_;
};

// `training`: the parameters of a train task, which name the method and hold `model_parameter`. Initial parameters are drawn from torch's generator, the
// model's first. Throws Error for a method that is not known.
std::unique_ptr<Objective> make_objective(const Json& training, const Compute& compute);

}  // namespace latentgrid::nn
