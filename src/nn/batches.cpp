#include "nn/batches.hpp"

#include <ATen/ATen.h>

namespace latentgrid::nn {

ImageBatches::ImageBatches(const ImageView& images, PixelRange range, const Compute& compute)
    : range_(range), compute_(compute) {
  // from_blob takes a mutable pointer; the tensor is only ever read.
  auto* data = const_cast<std::uint8_t*>(images.pixels.data());
  pixels_ =
      at::from_blob(data, {images.count, images.height, images.width, images.channels}, at::kByte).to(compute.device());
}

at::Tensor ImageBatches::on_device(std::span<const std::int64_t> indices) const {
  auto* data = const_cast<std::int64_t*>(indices.data());
  return at::from_blob(data, {static_cast<std::int64_t>(indices.size())}, at::kLong).to(compute_.device());
}

at::Tensor ImageBatches::rows(const at::Tensor& indices) const {
  return scaled(pixels_.index_select(0, indices));
}

at::Tensor ImageBatches::range(std::int64_t first, std::int64_t count) const {
  return scaled(pixels_.narrow(0, first, count));
}

at::Tensor ImageBatches::scaled(const at::Tensor& bytes) const {
  // N×H×W×C seen as N×C×H×W is channels_last already.
  at::Tensor floats = bytes.to(at::kFloat);
  range_ == PixelRange::zero_to_one ? floats.div_(255) : floats.div_(127.5).sub_(1);
  return floats.permute({0, 3, 1, 2}).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace latentgrid::nn
