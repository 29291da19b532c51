#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace latentgrid {

// Larger images are refused wherever a size comes from a file: the bytes of a set can then be counted without overflow.
constexpr std::int64_t largest_image = std::int64_t{1} << 30;

// H×W×C bytes an image.
struct ImageShape {
  std::int64_t height = 0, width = 0, channels = 0;

  std::int64_t bytes() const { return height * width * channels; }
  bool too_large() const;  // of any sizes, also where bytes() would overflow
  bool operator==(const ImageShape&) const = default;
};

// One file of uint8 images: .npy of N×H×W×C or N×H×W in C or Fortran order, IDX or IDX.gz of the same shapes.
class ImageFile {
 public:
  virtual ~ImageFile() = default;

  std::int64_t count() const { return count_; }
  const ImageShape& shape() const { return shape_; }

  // The pixels of image i, H×W×C contiguous; valid until the next call. Images must be asked for in ascending order. Some are
  // read ahead, within a few MiB. Throws Error if the file is damaged or was written since it was opened.
  virtual std::span<const std::uint8_t> image(std::int64_t i) = 0;

 protected:
  std::int64_t count_ = 0;
  ImageShape shape_;
};

// Reads no more than the header, which says nothing that the file's size belies. Throws InputError naming the file, what is
// wrong with it and what to do.
std::unique_ptr<ImageFile> open_image_file(const std::filesystem::path& path);

}  // namespace latentgrid
