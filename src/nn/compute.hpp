#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "nn/arithmetic.hpp"

namespace latentgrid::nn {

// "cpu", or what LibTorch calls a device of this build. Throws Error if it isn't there.
at::Device device_from(const std::string& name);

// Device, precision and kind of convolution, checked. Of one thread. Images and feature maps are channels_last.
class Compute {
 public:
  // Throws Error if they can't be had. On a GPU it sets, for the process, whether float32 products may be of tf32, and
  // that LibTorch takes kernels that give the same bits each time where it has them.
  explicit Compute(const Arithmetic& arithmetic);

  at::Device device() const { return device_; }
  bool autocasts() const { return autocasts_; }
  bool allows_winograd() const { return allows_winograd_; }  // of float32 on the CPU

 private:
  at::Device device_;
  bool autocasts_ = false;
  bool allows_winograd_ = false;
};

// While it lives, products and convolutions of this thread on the device are of bfloat16 (torch.autocast). One for each
// pass forward: what it casts of the parameters, it keeps.
class Autocast {
 public:
  explicit Autocast(const Compute& compute);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool on_;
};

}  // namespace latentgrid::nn
