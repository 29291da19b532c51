#pragma once

#include <ATen/core/Tensor.h>

namespace latentgrid::nn {

struct VicregWeights {
  double invariance = 25, variance = 25, covariance = 1;
};

// The loss of VICReg (Bardes et al. 2022, algorithm 1) of two views of a batch, b×D, rows of one image: their mean squared difference,
// what the standard deviations lack to 1, and the squared covariances. Variances are over b - 1, of a single image over 1.
at::Tensor vicreg_loss(const at::Tensor& first, const at::Tensor& second, const VicregWeights& weights);

}  // namespace latentgrid::nn
