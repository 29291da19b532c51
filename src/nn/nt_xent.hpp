#pragma once

#include <ATen/core/Tensor.h>

namespace latentgrid::nn {

// The normalized temperature-scaled cross entropy of SimCLR (Chen et al. 2020): rows i and i + b of `projections`, 2b×D, are views of one
// image. Cosine similarities; each row is to be told its partner among all rows but itself. The mean over the 2b rows.
at::Tensor nt_xent(const at::Tensor& projections, double temperature);

}  // namespace latentgrid::nn
