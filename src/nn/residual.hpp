#pragma once

#include <torch/nn/modules/container/sequential.h>

namespace latentgrid::nn {

// What `layers` make of the input, added to what `projection` makes of it; without a projection (null) to the input itself.
// Both run as run_layers() does it. `overwrites`: nobody needs what the layers give, and the sum may take its place, which
// saves memory and a pass over it. Not thread-safe.
class ResidualImpl : public torch::nn::Module {
 public:
  ResidualImpl(torch::nn::Sequential layers, torch::nn::Sequential projection, bool overwrites);
  at::Tensor forward(const at::Tensor& input);

 private:
  torch::nn::Sequential layers_;
  torch::nn::Sequential projection_;
  bool overwrites_;
};
TORCH_MODULE(Residual);

}  // namespace latentgrid::nn
