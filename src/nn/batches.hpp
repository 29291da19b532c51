#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

#include "data/image_view.hpp"
#include "nn/autoencoder.hpp"

namespace latentgrid::nn {

// Batches of float images b×C×H×W on [-1, 1] (x/127.5 - 1) from uint8 images that stay as they are.
class ImageBatches {
 public:
  ImageBatches(const ImageView& images, MemoryFormat format, at::Device device);  // `images` must outlive this

  at::Tensor rows(std::span<const std::int64_t> indices) const;
  at::Tensor range(std::int64_t first, std::int64_t count) const;

 private:
  at::Tensor scaled(const at::Tensor& bytes) const;

  at::Tensor pixels_;  // uint8 N×H×W×C, not copied
  MemoryFormat format_;
  at::Device device_;
};

}  // namespace latentgrid::nn
