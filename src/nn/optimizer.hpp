#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/training_options.hpp"

namespace latentgrid::nn {

// torch.optim.Adam (without amsgrad) and torch.optim.SGD (without dampening and Nesterov), operation by operation. Written
// out because LibTorch keys an optimizer's state by pointers, in types that differ between its versions, so that it can't be
// saved byte-stably. Not thread-safe.
class Optimizer {
 public:
  explicit Optimizer(std::vector<at::Tensor> parameters) : parameters_(std::move(parameters)) {}
  virtual ~Optimizer() = default;

  void zero_grad();
  virtual void step(double learning_rate) = 0;  // parameters without a gradient are left alone

  // State to be saved with a checkpoint: one tensor a parameter for each name, in the order of the parameters. Writing
  // into the tensors restores them.
  virtual std::vector<std::pair<std::string, std::vector<at::Tensor>>> state() = 0;

  std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 protected:
  std::vector<at::Tensor> parameters_;
  std::int64_t steps_ = 0;
};

std::unique_ptr<Optimizer> make_optimizer(const TrainingOptions& options, std::vector<at::Tensor> parameters);

}  // namespace latentgrid::nn
