#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/element.hpp"
#include "data/value_range.hpp"

namespace latentgrid {

// Larger images are refused wherever a size comes from a file: the bytes of a set can then be counted without overflow.
constexpr std::int64_t largest_image = std::int64_t{1} << 30;

struct ImageShape {
  std::int64_t height = 0, width = 0, channels = 0;

  std::int64_t values() const { return height * width * channels; }
  bool too_large() const;  // of any sizes, also where values() would overflow
  bool operator==(const ImageShape&) const = default;
};

// One image as its file has it, H×W×C contiguous.
struct RawImage {
  std::span<const std::byte> values;
  ImageShape shape;
  Element element;
};

// One label an image; -1 where there is none. `names` is by label, and empty where the file has numbers alone.
struct LabelList {
  std::vector<std::int64_t> values;
  std::vector<std::string> names;
};

// The images of one file, or of one folder of pictures. Not thread-safe.
class ImageSource {
 public:
  explicit ImageSource(std::filesystem::path name) : name_(std::move(name)) {}
  virtual ~ImageSource() = default;

  const std::filesystem::path& name() const { return name_; }  // as open_image_source() was told
  std::int64_t count() const { return count_; }
  const ImageShape& shape() const { return shape_; }   // of the first image; pictures may differ
  const Element& element() const { return element_; }  // of the first image

  // Valid until the next call. Images must be asked for in ascending order. Some are read ahead, within a few MiB.
  // Throws Error if the file is damaged or was written since it was opened.
  virtual RawImage image(std::int64_t i) = 0;

  virtual std::string file_of(std::int64_t) const { return ""; }  // "cat/1.png", where each image is a file
  virtual bool labelled() const { return false; }                 // whether labels() has any
  virtual LabelList labels() { return {}; }
  virtual std::optional<ValueRange> range() { return std::nullopt; }  // of all values, where it can be told

  std::string title(std::int64_t i) const;  // "x.npy: image 3", or the picture's own path

 protected:
  std::filesystem::path name_;
  std::int64_t count_ = 0;
  ImageShape shape_;
  Element element_{'u', 1, false};
};

}  // namespace latentgrid
