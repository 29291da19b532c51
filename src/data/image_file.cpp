#include "data/image_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <tuple>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "data/idx.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

// N×H×W×C or N×H×W as (count, shape).
std::pair<std::int64_t, ImageShape> image_shape(const fs::path& path, const std::vector<std::int64_t>& shape) {
  auto text = [&] { return fmt::format("{}", fmt::join(shape, "×")); };
  if (shape.size() != 3 && shape.size() != 4) {
    throw Error(fmt::format("{}: images must have the shape N×H×W×C or N×H×W, not {}", path.string(), text()));
  }
  ImageShape image{shape[1], shape[2], shape.size() == 4 ? shape[3] : 1};
  if (image.too_large()) {
    throw Error(fmt::format("{}: an image of {}×{}×{} is too large", path.string(), image.height, image.width, image.channels));
  }
  if (shape[0] < 1 || image.bytes() < 1) throw Error(fmt::format("{} holds no images (shape {})", path.string(), text()));
  bool few_rows = image.height == 1 || image.height == 3 || image.height == 4;
  if (shape.size() == 4 && image.channels > 4 && few_rows) {
    throw Error(fmt::format("{}: the shape {} looks like N×C×H×W; images must be N×H×W×C: transpose the axes (0, 2, 3, 1)",
                            path.string(), text()));
  }
  return {shape[0], image};
}

class NpyImageFile : public ImageFile {
 public:
  explicit NpyImageFile(const fs::path& path) : file_(path) {
    const NpyHeader& header = file_.header();
    if (header.dtype != "|u1") {
      throw Error(fmt::format("{}: images must be uint8 (dtype '|u1'), not '{}'", path.string(), header.dtype));
    }
    std::tie(count_, shape_) = image_shape(path, header.shape);
    pixels_ = {reinterpret_cast<const std::uint8_t*>(file_.bytes().data()), file_.bytes().size()};
    if (header.fortran_order) gathered_.resize(static_cast<std::size_t>(shape_.bytes()));
  }

  std::span<const std::uint8_t> image(std::int64_t i) override {
    if (gathered_.empty()) return pixels_.subspan(static_cast<std::size_t>(i * shape_.bytes()), shape_.bytes());
    const std::int64_t row = count_, column = row * shape_.height, channel = column * shape_.width;
    std::size_t out = 0;
    for (std::int64_t y = 0; y < shape_.height; ++y) {
      for (std::int64_t x = 0; x < shape_.width; ++x) {
        for (std::int64_t c = 0; c < shape_.channels; ++c) {
          gathered_[out++] = pixels_[static_cast<std::size_t>(i + y * row + x * column + c * channel)];
        }
      }
    }
    return gathered_;
  }

 private:
  NpyFile file_;
  std::span<const std::uint8_t> pixels_;
  std::vector<std::uint8_t> gathered_;  // one image of a file in Fortran order; else empty
};

class IdxImageFile : public ImageFile {
 public:
  explicit IdxImageFile(const fs::path& path) : file_(path) {
    if (file_.type() != IdxFile::Type::uint8) {
      throw Error(fmt::format("{}: images must be of IDX type 0x08 (unsigned byte), not {:#04x}", path.string(),
                              static_cast<int>(file_.type())));
    }
    std::tie(count_, shape_) = image_shape(path, file_.shape());
    buffer_.resize(static_cast<std::size_t>(shape_.bytes()));
  }

  std::span<const std::uint8_t> image(std::int64_t i) override {
    file_.skip((i - next_) * shape_.bytes());
    file_.read(buffer_);
    next_ = i + 1;
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
  if (file_is_idx(path)) return std::make_unique<IdxImageFile>(path);
  return std::make_unique<NpyImageFile>(path);
}

}  // namespace latentgrid
