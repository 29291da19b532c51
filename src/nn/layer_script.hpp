#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid::nn {

// One layer as TorchScript: what a module of PyTorch's class does in eval mode.
struct LayerScript {
  std::string class_name;  // PyTorch's: "Conv2d"
  std::string expression;  // of the input `x` and, where the layer has them, `self.weight`, `self.bias`,
                           // `self.running_mean`, `self.running_var`: "torch.linear(x, self.weight, self.bias)"; of a
                           // residual, of its parts `self.layers` and `self.projection`
};

// Of every layer of model/layers.hpp; arguments that are left out have its defaults. Throws Error on a layer it doesn't
// know.
LayerScript layer_script(const Json& layer);

}  // namespace latentgrid::nn
