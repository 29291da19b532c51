#include "nn/image_views.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "methods/methods.hpp"

namespace latentgrid::nn {

ImageViews::ImageViews(const ImageView& images, PixelRange range, const Compute& compute, const Json& training, std::int64_t seed)
    : images_(images), range_(range), compute_(compute), batches_(images, range, compute), views_(trained_by(training)->views) {
  if (const auto steps = training.find(augment_parameter); steps != training.end()) augmentation_ = std::make_unique<Augmentation>(*steps, seed);
}

void ImageViews::begin_epoch(std::int64_t epoch, std::vector<std::int64_t> order, std::int64_t batch_size) {
  if (coming_.valid()) coming_.wait();
  epoch_ = epoch;
  order_ = std::move(order);
  batch_size_ = batch_size;
  at_ = 0;
  if (augmentation_) return begin_augmenting();
  order_on_device_ = batches_.on_device(order_);
}

std::vector<at::Tensor> ImageViews::next() {
  if (!augmentation_) return plain();
  Pixels pixels = coming_.get();
  begin_augmenting();
  std::vector<at::Tensor> views;
  for (std::vector<float>& view : pixels) views.push_back(on_device(view));
  return views;
}

std::vector<at::Tensor> ImageViews::plain() {
  const std::int64_t size = std::min(batch_size_, static_cast<std::int64_t>(order_.size()) - at_);
  const at::Tensor images = batches_.rows(order_on_device_.narrow(0, at_, size));
  at_ += size;
  return std::vector<at::Tensor>(static_cast<std::size_t>(views_), images);
}

void ImageViews::begin_augmenting() {
  const auto left = static_cast<std::int64_t>(order_.size()) - at_;
  if (left <= 0) return;
  const std::int64_t size = std::min(batch_size_, left);
  const auto indices = std::span<const std::int64_t>(order_).subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(size));
  at_ += size;
  coming_ = std::async(std::launch::async, [this, indices] { return augmented(indices); });
}

ImageViews::Pixels ImageViews::augmented(std::span<const std::int64_t> indices) const {
  const std::size_t values = indices.size() * static_cast<std::size_t>(images_.height * images_.width * images_.channels);
  Pixels pixels;
  for (int view = 0; view < views_; ++view) {
    pixels.emplace_back(values);
    augmentation_->apply(images_, indices, epoch_, view, range_, pixels.back().data(), 1);
  }
  return pixels;
}

// N×H×W×C seen as N×C×H×W is channels_last already.
at::Tensor ImageViews::on_device(std::vector<float>& pixels) const {
  const std::int64_t count = static_cast<std::int64_t>(pixels.size()) / (images_.height * images_.width * images_.channels);
  const at::Tensor all = at::from_blob(pixels.data(), {count, images_.height, images_.width, images_.channels}, at::kFloat);
  return all.permute({0, 3, 1, 2}).to(compute_.device()).clone(at::MemoryFormat::ChannelsLast);
}

}  // namespace latentgrid::nn
