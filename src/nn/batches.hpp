#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

#include "base/pixel_range.hpp"
#include "data/image_view.hpp"
#include "nn/compute.hpp"

namespace latentgrid::nn {

// Batches of float images b×C×H×W, scaled to the range, from uint8 images that stay as they are; those of a GPU lie
// there.
class ImageBatches {
 public:
  ImageBatches(const ImageView& images, PixelRange range, const Compute& compute);  // `images` must outlive this

  // Indices of images, where rows() takes them from without a copy; on the CPU `indices` must outlive the result.
  at::Tensor on_device(std::span<const std::int64_t> indices) const;
  at::Tensor rows(const at::Tensor& indices) const;
  at::Tensor range(std::int64_t first, std::int64_t count) const;

 private:
  at::Tensor scaled(const at::Tensor& bytes) const;

  at::Tensor pixels_;  // uint8 N×H×W×C; on the CPU not copied
  PixelRange range_;
  Compute compute_;
};

}  // namespace latentgrid::nn
