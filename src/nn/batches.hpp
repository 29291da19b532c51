#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

#include "data/image_view.hpp"
#include "nn/compute.hpp"

namespace latentgrid::nn {

// Batches of float images b×C×H×W on [-1, 1] (x/127.5 - 1) from uint8 images that stay as they are; those of a GPU lie
// there.
class ImageBatches {
 public:
  ImageBatches(const ImageView& images, const Compute& compute);  // `images` must outlive this

  at::Tensor rows(std::span<const std::int64_t> indices) const;
  at::Tensor range(std::int64_t first, std::int64_t count) const;

 private:
  at::Tensor scaled(const at::Tensor& bytes) const;

  at::Tensor pixels_;  // uint8 N×H×W×C; on the CPU not copied
  Compute compute_;
};

}  // namespace latentgrid::nn
