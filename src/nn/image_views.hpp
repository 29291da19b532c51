#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <vector>

#include "base/json.hpp"
#include "augment/augmentation.hpp"
#include "nn/batches.hpp"

namespace latentgrid::nn {

// What a training sees of its images in an epoch: batch after batch, each in as many views as it needs, augmented where its
// parameters say so. The next batch is augmented by another thread while this one is trained on; its values depend on neither.
class ImageViews {
 public:
  // `training`: the parameters of a train task. `images` must outlive this.
  ImageViews(const ImageView& images, PixelRange range, const Compute& compute, const Json& training, std::int64_t seed);

  // Also after an epoch that ended early.
  void begin_epoch(std::int64_t epoch, std::vector<std::int64_t> order, std::int64_t batch_size);
  std::vector<at::Tensor> next();

  const ImageBatches& originals() const { return batches_; }  // as they are, scaled alone

 private:
  using Pixels = std::vector<std::vector<float>>;  // of each view

  std::vector<at::Tensor> plain();
  void begin_augmenting();
  Pixels augmented(std::span<const std::int64_t> indices) const;
  at::Tensor on_device(std::vector<float>& pixels) const;

  ImageView images_;
  PixelRange range_;
  Compute compute_;
  ImageBatches batches_;
  int views_;
  std::unique_ptr<Augmentation> augmentation_;  // null: images as they are
  std::int64_t epoch_ = 0, batch_size_ = 0, at_ = 0;
  std::vector<std::int64_t> order_;
  at::Tensor order_on_device_;
  std::future<Pixels> coming_;  // the last member: destroying it waits for the thread, which reads the others
};

}  // namespace latentgrid::nn
