#include "data/png_picture.hpp"

#include <fmt/format.h>
#include <png.h>

#include <array>
#include <cstring>
#include <string>

#include "base/hinted_error.hpp"
#include "data/input_stream.hpp"
#include "data/picture.hpp"

namespace latentgrid {

namespace {

// libpng leaves by longjmp, so that no object with a destructor may live in the functions that call it.
struct PngReader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const std::byte* next = nullptr;
  std::size_t left = 0;
  std::array<char, 128> problem{};
};

void on_png_error(png_structp png, png_const_charp message) {
  auto& reader = *static_cast<PngReader*>(png_get_error_ptr(png));
  std::strncpy(reader.problem.data(), message, reader.problem.size() - 1);
  png_longjmp(png, 1);
}

void on_png_warning(png_structp, png_const_charp) {}

void give_png_bytes(png_structp png, png_bytep to, png_size_t size) {
  auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
  if (size > reader.left) png_error(png, "the file ends too early");
  std::memcpy(to, reader.next, size);
  reader.next += size;
  reader.left -= size;
}

bool read_png_header(PngReader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_info(reader.png, reader.info);
  png_set_expand(reader.png);  // palettes, fewer than 8 bits, transparent colours
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return true;
}

bool read_png_rows(PngReader& reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_image(reader.png, rows);
  png_read_end(reader.png, nullptr);
  return true;
}

// The number of frames that an animation's acTL chunk announces before the first image data; 0 without one.
std::uint32_t frames_of_png(std::span<const std::byte> file) {
  auto big_endian = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(file[at + i]);
    return value;
  };
  for (std::size_t at = 8; at + 12 <= file.size();) {
    const char* type = reinterpret_cast<const char*>(file.data() + at + 4);
    if (std::memcmp(type, "IDAT", 4) == 0) return 0;
    if (std::memcmp(type, "acTL", 4) == 0) return big_endian(at + 8);
    at += 12 + std::size_t{big_endian(at)};
  }
  return 0;
}

// Leaves gray or RGB of a picture with an alpha value behind each pixel's.
template <typename T, int bits>
void lay_over_white(Picture& picture) {
  auto at = [&](std::byte* from) {  // PNG's byte order
    if constexpr (sizeof(T) == 1) return static_cast<std::uint32_t>(*from);
    return static_cast<std::uint32_t>(from[0]) << 8 | static_cast<std::uint32_t>(from[1]);
  };
  constexpr std::uint64_t white = (std::uint64_t{1} << bits) - 1;
  const std::int64_t channels = picture.shape.channels - 1;
  std::byte *from = picture.values.data(), *to = from;
  for (std::int64_t pixel = 0; pixel < picture.shape.height * picture.shape.width; ++pixel) {
    const std::uint64_t alpha = at(from + channels * static_cast<std::int64_t>(sizeof(T)));
    for (std::int64_t c = 0; c < channels; ++c, from += sizeof(T)) {
      const std::uint64_t value = (at(from) * alpha + white * (white - alpha) + white / 2) / white;
      if constexpr (sizeof(T) == 2) *to++ = static_cast<std::byte>(value >> 8);
      *to++ = static_cast<std::byte>(value);
    }
    from += sizeof(T);
  }
  picture.shape.channels = channels;
  picture.values.resize(static_cast<std::size_t>(to - picture.values.data()));
}

}  // namespace

void decode_png(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture) {
  if (const std::uint32_t frames = frames_of_png(file)) {
    throw HintedError(fmt::format("{} is an animated PNG with {} frames", path.string(), frames),
                      "save one frame of it as a PNG of its own");
  }
  PngReader reader{.next = file.data(), .left = file.size()};
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_png_error, on_png_warning);
  reader.info = reader.png ? png_create_info_struct(reader.png) : nullptr;
  struct Destroy {
    PngReader& of;
    ~Destroy() { png_destroy_read_struct(&of.png, &of.info, nullptr); }
  } destroy{reader};
  if (!reader.info) throw std::bad_alloc();
  png_set_read_fn(reader.png, &reader, give_png_bytes);
  auto damaged = [&] {
    return HintedError(fmt::format("{} is damaged: {}", path.string(), reader.problem.data()), get_it_again);
  };
  if (!read_png_header(reader)) throw damaged();
  picture.shape = {png_get_image_height(reader.png, reader.info), png_get_image_width(reader.png, reader.info),
                   png_get_channels(reader.png, reader.info)};
  const int bits = png_get_bit_depth(reader.png, reader.info);
  picture.element = {'u', bits == 16 ? std::size_t{2} : std::size_t{1}, true};
  if (picture.shape.too_large()) {
    throw HintedError(
        fmt::format("{} is too large: {}×{} pixels", path.string(), picture.shape.height, picture.shape.width),
        "make it smaller");
  }
  const std::size_t row_bytes = png_get_rowbytes(reader.png, reader.info);
  picture.values.resize(static_cast<std::size_t>(picture.shape.height) * row_bytes);
  std::vector<png_bytep> rows;
  for (std::int64_t y = 0; y < picture.shape.height; ++y) {
    rows.push_back(reinterpret_cast<png_bytep>(picture.values.data() + static_cast<std::size_t>(y) * row_bytes));
  }
  if (!read_png_rows(reader, rows.data())) throw damaged();
  if (picture.shape.channels % 2 == 0)
    bits == 16 ? lay_over_white<std::uint16_t, 16>(picture) : lay_over_white<std::uint8_t, 8>(picture);
}

}  // namespace latentgrid
