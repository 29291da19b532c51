#include "nn/losses.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid::nn {

namespace {

at::Tensor mse(const at::Tensor& reconstructed, const at::Tensor& images) { return at::mse_loss(reconstructed, images); }
at::Tensor l1(const at::Tensor& reconstructed, const at::Tensor& images) { return at::l1_loss(reconstructed, images); }
at::Tensor smooth_l1(const at::Tensor& reconstructed, const at::Tensor& images) { return at::smooth_l1_loss(reconstructed, images); }
at::Tensor bce(const at::Tensor& reconstructed, const at::Tensor& images) { return at::binary_cross_entropy(reconstructed, images); }

}  // namespace

LossFunction loss_function(const std::string& name) {
  if (name == "mse") return mse;
  if (name == "l1") return l1;
  if (name == "smooth_l1") return smooth_l1;
  if (name == "bce") return bce;
  throw Error(fmt::format("training parameter loss must be mse, l1, smooth_l1 or bce, not '{}'", name));
}

}  // namespace latentgrid::nn
