#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/json.hpp"
#include "data/image_view.hpp"
#include "nn/autoencoder.hpp"
#include "nn/named_tensors.hpp"

namespace latentgrid::nn {

struct TrainingBatch {
  std::vector<at::Tensor> views;  // of the same images, each b×C×H×W; as many as the training's MethodSpec says
  std::int64_t epoch = 0;         // from 0
  at::Tensor images = {};         // int64 b: which they are
};

// The epoch of images that are not trained on: it lies behind all others, so that what warms up is at its full value.
inline constexpr std::int64_t validation_epoch = std::numeric_limits<std::int64_t>::max();

// What a training minimizes: a model, layers beside it that are not used afterwards, and the loss of a batch. What it draws comes
// from torch's generator. Not thread-safe.
class Objective {
 public:
  Objective(const Json& model, const Compute& compute);
  virtual ~Objective() = default;

  // The mean over the images of the batch; a scalar to differentiate.
  virtual at::Tensor loss(const TrainingBatch& batch) = 0;

  // Before a batch, counted from the start of the training. False: there is nothing left to learn.
  virtual bool before_batch(std::int64_t) { return true; }
  virtual bool is_over() const { return false; }  // no batch would be learned from any more

  // Of a refinement: the trained model that it goes on from, and where its clusters begin, k×d in C order.
  virtual void start_from(const std::filesystem::path& model, std::span<const float> centers);

  // What it says of itself besides the loss.
  virtual Json metrics() const { return Json::object(); }
  virtual Json record() const { return Json::object(); }

  virtual void begin_epoch();  // before the first batch of each
  void train(bool on);
  at::Tensor latents(const at::Tensor& images);  // b×D

  NamedTensors parameters() const;  // the model's, then those of the layers beside it
  NamedTensors tensors() const;     // the model's parameters and buffers, then those of the layers beside it

 protected:
  AutoencoderModule model_;
  torch::nn::Sequential beside_;  // what the checkpoint calls "head.0.weight"
  Compute compute_;
};

// `training`: the parameters of a train or refine task, which name the method, with `model_parameter`. Initial parameters are drawn from torch's
// generator, the model's first. `images`, of which a refinement has targets, must outlive it. Throws Error for a method that is not known.
std::unique_ptr<Objective> make_objective(const Json& training, const Compute& compute, const ImageView& images);

}  // namespace latentgrid::nn
