#include "data/array_images.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/hinted_error.hpp"
#include "data/array_advice.hpp"

namespace latentgrid {

namespace {

// N×H×W×C or N×H×W as (count, shape).
std::pair<std::int64_t, ImageShape> image_shape(const ArrayInput& array) {
  const ArrayFile& file = array.file;
  const std::vector<std::int64_t>& shape = array.shape;
  if (shape.size() != 3 && shape.size() != 4) refuse_image_shape(file, shape);
  ImageShape image{shape[1], shape[2], shape.size() == 4 ? shape[3] : 1};
  if (image.too_large()) {
    throw HintedError(fmt::format("{}: an image of {}×{}×{} is too large", file.path.string(), image.height,
                                  image.width, image.channels),
                      "images must have the shape N×H×W×C or N×H×W: is this the right file?");
  }
  if (shape[0] < 1 || image.values() < 1) {
    throw HintedError(fmt::format("{} holds no images (shape {})", file.path.string(), fmt::join(shape, "×")),
                      "save the array again once it has images");
  }
  const auto order = other_order(shape);
  if (order && !(array.axes_are_known && order == OtherOrder::hwc)) refuse_other_order(file, shape, *order);
  return {shape[0], image};
}

// Reads as many images at once as a few MiB hold.
class ArrayImages : public ImageSource {
 public:
  ArrayImages(const std::filesystem::path& name, ArrayInput array) : ImageSource(name), array_(std::move(array)) {
    if (!array_.element()) refuse_type(array_, FileRole::images);
    element_ = *array_.element();
    std::tie(count_, shape_) = image_shape(array_);
    image_bytes_ = shape_.values() * static_cast<std::int64_t>(element_.bytes);
    // Every block is many reads in Fortran order.
    const std::int64_t most = array_.fortran_order ? 16 * block_bytes : block_bytes;
    block_images_ = std::clamp<std::int64_t>(most / image_bytes_, 1, count_);
  }

  RawImage image(std::int64_t i) override {
    if (i < first_ || i >= first_ + loaded_) load(i);
    return {std::span(block_).subspan(static_cast<std::size_t>((i - first_) * image_bytes_),
                                      static_cast<std::size_t>(image_bytes_)),
            shape_, element_};
  }

  std::optional<ValueRange> range() override { return value_range(array_); }

 private:
  static constexpr std::int64_t block_bytes = 4 << 20;

  void load(std::int64_t first) {
    first_ = first;
    loaded_ = std::min(block_images_, count_ - first);
    block_.resize(static_cast<std::size_t>(loaded_ * image_bytes_));
    if (array_.fortran_order) {
      gather();
    } else {
      array_.read(first * image_bytes_, block_);
    }
    if (first_ + loaded_ == count_) array_.check_end();
  }

  // In Fortran order the file holds one value of every image, then the next value of every image.
  void gather() {
    const auto size = static_cast<std::int64_t>(element_.bytes);
    const std::int64_t values = shape_.values();
    const std::int64_t at_once =
        loaded_ == count_ ? std::clamp<std::int64_t>(block_bytes / (count_ * size), 1, values) : 1;
    std::vector<std::byte> read_values;
    for (std::int64_t v = 0; v < values; ++v) {
      if (v % at_once == 0) {
        read_values.resize(static_cast<std::size_t>(std::min(at_once, values - v) * loaded_ * size));
        array_.read((first_ + v * count_) * size, read_values);
      }
      const std::int64_t y = v % shape_.height, x = v / shape_.height % shape_.width;
      const std::int64_t c = v / (shape_.height * shape_.width);
      const std::int64_t place = (y * shape_.width + x) * shape_.channels + c;
      const std::byte* from = read_values.data() + v % at_once * loaded_ * size;
      for (std::int64_t i = 0; i < loaded_; ++i) {
        std::memcpy(block_.data() + (i * values + place) * size, from + i * size, element_.bytes);
      }
    }
  }

  ArrayInput array_;
  std::int64_t image_bytes_ = 0, block_images_ = 1, first_ = 0, loaded_ = 0;
  std::vector<std::byte> block_;  // images first_ to first_ + loaded_
};

}  // namespace

std::unique_ptr<ImageSource> images_in_array(const std::filesystem::path& name, ArrayInput array) {
  return std::make_unique<ArrayImages>(name, std::move(array));
}

}  // namespace latentgrid
