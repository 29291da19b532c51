#include "data/image_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/input_file.hpp"
#include "data/array_advice.hpp"
#include "data/file_advice.hpp"
#include "data/idx.hpp"
#include "data/input_error.hpp"
#include "data/npy_input.hpp"
#include "data/what_is.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// N×H×W×C or N×H×W as (count, shape).
std::pair<std::int64_t, ImageShape> image_shape(const ArrayFile& file, const std::vector<std::int64_t>& shape) {
  const fs::path& path = file.path;
  if (shape.size() != 3 && shape.size() != 4) refuse_image_shape(file, shape);
  ImageShape image{shape[1], shape[2], shape.size() == 4 ? shape[3] : 1};
  if (image.too_large()) {
    throw InputError(fmt::format("{}: an image of {}×{}×{} is too large", path.string(), image.height, image.width,
                                 image.channels),
                     "images must have the shape N×H×W×C or N×H×W: is this the right file?");
  }
  if (shape[0] < 1 || image.bytes() < 1) {
    throw InputError(fmt::format("{} holds no images (shape {})", path.string(), fmt::join(shape, "×")),
                     "save the array again once it has images");
  }
  if (const auto order = other_order(shape); order && order != OtherOrder::hwc) refuse_other_order(file, shape, *order);
  return {shape[0], image};
}

// Reads as many images at once as a few MiB hold.
class NpyImageFile : public ImageFile {
 public:
  explicit NpyImageFile(const fs::path& path) : file_(path), header_(read_input_header(file_)) {
    if (header_.dtype != "|u1") refuse_npy(path, header_, FileRole::images);
    check_input_size(file_, header_);
    std::tie(count_, shape_) = image_shape({path}, header_.shape);
    if (const auto order = other_order(header_.shape)) refuse_other_order({path}, header_.shape, *order);
    // Every block is many reads in Fortran order.
    const std::int64_t most = header_.fortran_order ? 16 * block_bytes : block_bytes;
    block_images_ = std::clamp<std::int64_t>(most / shape_.bytes(), 1, count_);
  }

  std::span<const std::uint8_t> image(std::int64_t i) override {
    if (i < first_ || i >= first_ + loaded_) load(i);
    return std::span(block_).subspan(static_cast<std::size_t>((i - first_) * shape_.bytes()),
                                     static_cast<std::size_t>(shape_.bytes()));
  }

 private:
  static constexpr std::int64_t block_bytes = 4 << 20;

  void load(std::int64_t first) {
    first_ = first;
    loaded_ = std::min(block_images_, count_ - first);
    block_.resize(static_cast<std::size_t>(loaded_ * shape_.bytes()));
    if (header_.fortran_order) {
      gather();
    } else {
      read(first * shape_.bytes(), block_);
    }
  }

  // In Fortran order the file holds one value of every image, then the next value of every image.
  void gather() {
    const std::int64_t values = shape_.bytes();
    const std::int64_t at_once = loaded_ == count_ ? std::clamp<std::int64_t>(block_bytes / count_, 1, values) : 1;
    std::vector<std::uint8_t> read_values;
    for (std::int64_t v = 0; v < values; ++v) {
      if (v % at_once == 0) {
        read_values.resize(static_cast<std::size_t>(std::min(at_once, values - v) * loaded_));
        read(first_ + v * count_, read_values);
      }
      const std::int64_t y = v % shape_.height, x = v / shape_.height % shape_.width;
      const std::int64_t c = v / (shape_.height * shape_.width);
      const std::int64_t place = (y * shape_.width + x) * shape_.channels + c;
      const std::uint8_t* from = read_values.data() + v % at_once * loaded_;
      for (std::int64_t i = 0; i < loaded_; ++i) block_[static_cast<std::size_t>(i * values + place)] = from[i];
    }
  }

  void read(std::int64_t offset, std::span<std::uint8_t> bytes) {
    file_.read(static_cast<std::int64_t>(header_.data_offset) + offset, std::as_writable_bytes(bytes));
  }

  InputFile file_;
  NpyHeader header_;
  std::int64_t block_images_ = 1, first_ = 0, loaded_ = 0;
  std::vector<std::uint8_t> block_;  // images first_ to first_ + loaded_
};

class IdxImageFile : public ImageFile {
 public:
  explicit IdxImageFile(const fs::path& path) : file_(path) {
    if (file_.type() != IdxFile::Type::uint8) {
      refuse_idx_type(file_.in_python(), file_.type_name());
    }
    std::tie(count_, shape_) = image_shape(file_.in_python(), file_.shape());
    buffer_.resize(static_cast<std::size_t>(shape_.bytes()));
  }

  std::span<const std::uint8_t> image(std::int64_t i) override {
    file_.skip((i - next_) * shape_.bytes());
    file_.read(buffer_);
    next_ = i + 1;
    if (next_ == count_) file_.check_end();
    return buffer_;
  }

 private:
  IdxFile file_;
  std::int64_t next_ = 0;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace

bool ImageShape::too_large() const {
  std::int64_t bytes = 1;
  for (std::int64_t size : {height, width, channels}) {
    if (__builtin_mul_overflow(bytes, size, &bytes)) return true;
  }
  return bytes > largest_image;
}

std::unique_ptr<ImageFile> open_image_file(const fs::path& path) {
  const FileContent content = what_is(path);
  if (content.kind == FileKind::idx || content.inside == FileKind::idx) return std::make_unique<IdxImageFile>(path);
  if (content.kind == FileKind::npy) return std::make_unique<NpyImageFile>(path);
  refuse(path, content, FileRole::images);
}

}  // namespace latentgrid
