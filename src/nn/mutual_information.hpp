#pragma once

#include <ATen/core/Tensor.h>

namespace latentgrid::nn {

// The mutual information of the clusters of two views with the sign of a loss (IIC, Ji et al. 2019, equation 3), over the images of the
// batch and made symmetric. `first`, `second`: b×H×k, what each of H heads takes for the probabilities of its k clusters; rows of one
// image. H values, from -log k to 0.
at::Tensor mutual_information_loss(const at::Tensor& first, const at::Tensor& second);

}  // namespace latentgrid::nn
