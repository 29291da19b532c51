#include "nn/batches.hpp"

#include <ATen/ATen.h>

namespace latentgrid::nn {

ImageBatches::ImageBatches(const ImageView& images, MemoryFormat format, at::Device device)
    : format_(format), device_(device) {
  // from_blob takes a mutable pointer; the tensor is only ever read.
  auto* data = const_cast<std::uint8_t*>(images.pixels.data());
  pixels_ = at::from_blob(data, {images.count, images.height, images.width, images.channels}, at::kByte);
}

at::Tensor ImageBatches::rows(std::span<const std::int64_t> indices) const {
  auto* data = const_cast<std::int64_t*>(indices.data());
  at::Tensor which = at::from_blob(data, {static_cast<std::int64_t>(indices.size())}, at::kLong);
  return scaled(pixels_.index_select(0, which));
}

at::Tensor ImageBatches::range(std::int64_t first, std::int64_t count) const {
  return scaled(pixels_.narrow(0, first, count));
}

at::Tensor ImageBatches::scaled(const at::Tensor& bytes) const {
  // N×H×W×C seen as N×C×H×W is channels_last already.
  return bytes.to(device_).to(at::kFloat).div_(127.5).sub_(1).permute({0, 3, 1, 2}).contiguous(to_torch(format_));
}

}  // namespace latentgrid::nn
