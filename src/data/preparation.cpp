#include "data/preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/hinted_error.hpp"
#include "data/array_advice.hpp"
#include "data/resize.hpp"

namespace latentgrid {

namespace {

std::string values_hint(const ValueRange& range) {
  const auto [low, high] = likely_values(range);
  return fmt::format("values: [{:.6g}, {:.6g}]", low, high);
}

// Nobody has said which values are black and white.
[[noreturn]] void refuse_without_values(ImageSource& source) {
  const Element& element = source.element();
  const std::string type = type_name(fmt::format("<{}{}", element.kind, element.bytes));
  const std::optional<ValueRange> range = source.range();
  const std::string from_to = range ? fmt::format(" from {:.6g} to {:.6g}", range->lowest, range->highest) : "";
  const std::string name = source.file_of(0).empty() ? source.name().string() : source.title(0);
  if (range && range->not_numbers) {
    throw HintedError(
        fmt::format("{} holds {}{}, and values that are not finite (NaN or infinite)", name, type, from_to),
        "find out where they come from, and replace them");
  }
  if (range && range->lowest == range->highest) {
    throw HintedError(fmt::format("{} holds {} that are all {:.6g}", name, type, range->lowest),
                      "is this the right file?");
  }
  throw HintedError(fmt::format("{} holds {}{}, not uint8", name, type, from_to),
                    fmt::format("say which values become 0 (black) and 255 (white), beside images: {}",
                                range               ? values_hint(*range)
                                : element.bytes > 1 ? "values: [0, 65535]"
                                                    : "values: [0, 1]"));
}

template <typename Pair>
std::optional<Pair> pair_in(const Json& json, const char* key) {
  return json.contains(key) ? std::optional(json.at(key).get<Pair>()) : std::nullopt;
}

std::string size_text(std::int64_t height, std::int64_t width) {
  return fmt::format("{}×{}", height, width);
}

}  // namespace

std::array<double, 2> likely_values(const ValueRange& range) {
  for (const auto& [low, high] : {std::array{0.0, 1.0}, {-1.0, 1.0}, {0.0, 255.0}, {0.0, 4095.0}, {0.0, 65535.0}}) {
    const bool would_be_dark = high > 255 && range.highest <= high / 2;
    if (range.lowest >= low && range.highest <= high && !would_be_dark) return {low, high};
  }
  return {range.lowest, range.highest};
}

ImageShape Preparation::result(const ImageShape& image) const {
  ImageShape shape = image;
  if (channels) shape.channels = *channels;
  if (center_crop) {
    const std::int64_t side = std::min(shape.height, shape.width);
    shape.height = (*center_crop)[0] > 0 ? (*center_crop)[0] : side;
    shape.width = (*center_crop)[1] > 0 ? (*center_crop)[1] : side;
  }
  if (resize) std::tie(shape.height, shape.width) = std::pair((*resize)[0], (*resize)[1]);
  return shape;
}

void put_preparation(Json& json, const Preparation& preparation) {
  if (preparation.values) json["values"] = *preparation.values;
  if (preparation.channels) json["channels"] = *preparation.channels;
  if (preparation.center_crop) json["center_crop"] = *preparation.center_crop;
  if (preparation.resize) json["resize"] = *preparation.resize;
}

Preparation preparation_in(const Json& json) {
  Preparation preparation;
  preparation.values = pair_in<std::array<double, 2>>(json, "values");
  if (json.contains("channels")) preparation.channels = json.at("channels").get<std::int64_t>();
  preparation.center_crop = pair_in<std::array<std::int64_t, 2>>(json, "center_crop");
  preparation.resize = pair_in<std::array<std::int64_t, 2>>(json, "resize");
  return preparation;
}

PreparedImages::PreparedImages(std::unique_ptr<ImageSource> source, const Preparation& preparation)
    : source_(std::move(source)), preparation_(preparation), shape_(preparation.result(source_->shape())) {
  const Element& element = source_->element();
  if (!preparation_.values && (element.kind != 'u' || element.bytes != 1)) refuse_without_values(*source_);
  const ImageShape& first = source_->shape();
  if (preparation_.channels && first.channels != 1 && first.channels != 3) {
    throw HintedError(fmt::format("{} holds images of {} channels, which cannot become {}", source_->name().string(),
                                  first.channels, *preparation_.channels),
                      "remove channels");
  }
  if (preparation_.center_crop) crop_of(first, 0);
  if (preparation_.resize && shape_.channels > 4) {
    throw HintedError(fmt::format("{} holds images of {} channels; at most 4 can be resized", source_->name().string(),
                                  shape_.channels),
                      "remove resize");
  }
}

std::span<const std::uint8_t> PreparedImages::image(std::int64_t i) {
  const RawImage raw = source_->image(i);
  ImageShape shape = raw.shape;
  std::span<const std::uint8_t> bytes = with_channels(bytes_of(raw, i), shape, i);
  shape.channels = shape_.channels;
  if (preparation_.center_crop) bytes = cropped(bytes, shape, i);
  if (preparation_.resize) return resized(bytes, shape);
  if (shape.height != shape_.height || shape.width != shape_.width) {
    throw HintedError(
        fmt::format("{} has {} pixels, but {} has {}; all images must have one size", source_->title(i),
                    size_text(shape.height, shape.width), source_->title(0), size_text(shape_.height, shape_.width)),
        fmt::format(
            "bring them to one size: write resize: [{}, {}] beside images, and center_crop: square to keep their "
            "proportions",
            shape_.height, shape_.width));
  }
  return bytes;
}

std::span<const std::uint8_t> PreparedImages::bytes_of(const RawImage& raw, std::int64_t i) {
  const auto count = static_cast<std::size_t>(raw.shape.values());
  if (!preparation_.values) return {reinterpret_cast<const std::uint8_t*>(raw.values.data()), count};
  const auto [low, high] = *preparation_.values;
  bytes_.resize(count);
  for (std::size_t v = 0; v < count; ++v) {
    const double value = as_double(raw.element, raw.values.data() + v * raw.element.bytes);
    if (!(value >= low && value <= high)) check_value(value, i);
    const double exact = (value - low) * 255 / (high - low), rounded = std::floor(exact + 0.5);
    largest_rounding_ = std::max(largest_rounding_, std::abs(exact - rounded));
    bytes_[v] = static_cast<std::uint8_t>(rounded);
  }
  return bytes_;
}

void PreparedImages::check_value(double value, std::int64_t i) const {
  const auto [low, high] = *preparation_.values;
  const std::string what = std::isnan(value) ? "NaN" : fmt::format("{:.6g}", value);
  const std::optional<ValueRange> range = std::isfinite(value) ? source_->range() : std::nullopt;
  throw HintedError(
      fmt::format("{} holds the value {}, which is not within values: [{}, {}]", source_->title(i), what, low, high),
      range ? fmt::format("all of its values are from {:.6g} to {:.6g}: write {}", range->lowest, range->highest,
                          values_hint(*range))
      : std::isfinite(value) ? "change values so that they hold every value"
                             : "find out where it comes from, and replace it");
}

std::span<const std::uint8_t> PreparedImages::with_channels(std::span<const std::uint8_t> bytes,
                                                            const ImageShape& shape, std::int64_t i) {
  if (shape.channels == shape_.channels) return bytes;
  const auto pixels = static_cast<std::size_t>(shape.height * shape.width);
  if (shape.channels == 1 && shape_.channels == 3) {
    channels_.resize(3 * pixels);
    for (std::size_t p = 0; p < pixels; ++p) std::fill_n(channels_.data() + 3 * p, 3, bytes[p]);
    return channels_;
  }
  if (shape.channels == 3 && preparation_.channels == 1) {
    channels_.resize(pixels);
    for (std::size_t p = 0; p < pixels; ++p) {
      const std::uint8_t* rgb = bytes.data() + 3 * p;
      channels_[p] = static_cast<std::uint8_t>((rgb[0] * 19595 + rgb[1] * 38470 + rgb[2] * 7471 + 0x8000) >> 16);
    }
    return channels_;
  }
  throw HintedError(fmt::format("{} has {} channels, but {} has {}", source_->title(i), shape.channels,
                                source_->title(0), shape_.channels),
                    "write channels: 3 beside images to make all of them RGB, or channels: 1 to make them gray");
}

ImageShape PreparedImages::crop_of(const ImageShape& shape, std::int64_t i) const {
  const ImageShape to = Preparation{.center_crop = preparation_.center_crop}.result(shape);
  if (to.height > shape.height || to.width > shape.width) {
    throw HintedError(fmt::format("{} has {} pixels, too few for center_crop: [{}, {}]", source_->title(i),
                                  size_text(shape.height, shape.width), to.height, to.width),
                      "choose a smaller center_crop, or center_crop: square");
  }
  return to;
}

std::span<const std::uint8_t> PreparedImages::cropped(std::span<const std::uint8_t> bytes, ImageShape& shape,
                                                      std::int64_t i) {
  const ImageShape to = crop_of(shape, i);
  const std::int64_t top = (shape.height - to.height) / 2, left = (shape.width - to.width) / 2;
  const std::int64_t row = to.width * to.channels;
  crop_.resize(static_cast<std::size_t>(to.height * row));
  for (std::int64_t y = 0; y < to.height; ++y) {
    std::copy_n(bytes.data() + ((top + y) * shape.width + left) * shape.channels, row, crop_.data() + y * row);
  }
  shape = to;
  return crop_;
}

std::span<const std::uint8_t> PreparedImages::resized(std::span<const std::uint8_t> bytes, const ImageShape& shape) {
  if (shape == shape_) return bytes;
  size_.resize(static_cast<std::size_t>(shape_.values()));
  resize_image(bytes, shape, shape_, size_);
  return size_;
}

}  // namespace latentgrid
