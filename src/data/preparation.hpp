#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/json.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// What is made of each image when it is read, in this order.
struct Preparation {
  std::optional<std::array<double, 2>> values;             // these become 0 and 255; without them values must be bytes
  std::optional<std::int64_t> channels;                    // 1 or 3
  std::optional<std::array<std::int64_t, 2>> center_crop;  // height, width; {0, 0}: the largest square
  std::optional<std::array<std::int64_t, 2>> resize;       // height, width

  ImageShape result(const ImageShape& image) const;
  bool operator==(const Preparation&) const = default;
};

// What most likely becomes black and white in images with these values: [0, 1], [-1, 1], [0, 255], ...
std::array<double, 2> likely_values(const ValueRange& range);

void put_preparation(Json& json, const Preparation& preparation);  // only what is set
Preparation preparation_in(const Json& json);

// Makes the images of one source bytes of one shape. Values between those that become 0 and 255 are rounded to the
// nearest byte, halves up. Gray becomes RGB by three equal channels, RGB gray by ITU-R 601's weights as Pillow has
// them. Resizing averages areas where an image shrinks and takes Catmull-Rom's cubic where it grows (stb_image_resize).
class PreparedImages {
 public:
  // Throws HintedError where the preparation does not fit the first image.
  PreparedImages(std::unique_ptr<ImageSource> source, const Preparation& preparation);

  ImageSource& source() { return *source_; }
  const ImageSource& source() const { return *source_; }
  std::int64_t count() const { return source_->count(); }
  const ImageShape& shape() const { return shape_; }

  // H×W×C bytes, valid until the next call; images in ascending order. Throws HintedError naming the image.
  std::span<const std::uint8_t> image(std::int64_t i);

  double largest_rounding() const { return largest_rounding_; }  // of all values so far, in bytes: 0 to 0.5

 private:
  std::span<const std::uint8_t> bytes_of(const RawImage& raw, std::int64_t i);
  std::span<const std::uint8_t> with_channels(std::span<const std::uint8_t> bytes, const ImageShape& shape,
                                              std::int64_t i);
  std::span<const std::uint8_t> cropped(std::span<const std::uint8_t> bytes, ImageShape& shape, std::int64_t i);
  std::span<const std::uint8_t> resized(std::span<const std::uint8_t> bytes, const ImageShape& shape);
  ImageShape crop_of(const ImageShape& shape, std::int64_t i) const;
  void check_value(double value, std::int64_t i) const;

  std::unique_ptr<ImageSource> source_;
  Preparation preparation_;
  ImageShape shape_;
  double largest_rounding_ = 0;
  std::vector<std::uint8_t> bytes_, channels_, crop_, size_;
};

}  // namespace latentgrid
