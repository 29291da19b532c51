#include "data/jpeg_picture.hpp"

#include <fmt/format.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>

#include <jerror.h>
#include <jpeglib.h>

#include "base/hinted_error.hpp"
#include "data/input_stream.hpp"
#include "data/picture.hpp"

namespace latentgrid {

namespace {

// libjpeg's error handler must not return, so that it leaves by longjmp: no object with a destructor may live in the
// functions that call it.
struct JpegReader {
  jpeg_decompress_struct jpeg;
  jpeg_error_mgr errors;
  std::jmp_buf leave;
  std::array<char, JMSG_LENGTH_MAX> problem;
};

void on_jpeg_error(j_common_ptr jpeg) {
  auto& reader = *static_cast<JpegReader*>(jpeg->client_data);
  jpeg->err->format_message(jpeg, reader.problem.data());
  std::longjmp(reader.leave, 1);
}

// Warnings are damage that libjpeg fills with gray. A few bytes too many between two parts of the file change no pixel.
void on_jpeg_message(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA && jpeg->err->msg_code != JWRN_JFIF_MAJOR)
    on_jpeg_error(jpeg);
}

bool read_jpeg_header(JpegReader& reader, const unsigned char* bytes, unsigned long size) {
  if (setjmp(reader.leave) != 0) return false;
  jpeg_mem_src(&reader.jpeg, bytes, size);
  jpeg_save_markers(&reader.jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&reader.jpeg, TRUE);
  return true;
}

bool read_jpeg_rows(JpegReader& reader, unsigned char* out, std::size_t row_bytes) {
  if (setjmp(reader.leave) != 0) return false;
  jpeg_start_decompress(&reader.jpeg);
  while (reader.jpeg.output_scanline < reader.jpeg.output_height) {
    JSAMPROW row = out + reader.jpeg.output_scanline * row_bytes;
    jpeg_read_scanlines(&reader.jpeg, &row, 1);
  }
  jpeg_finish_decompress(&reader.jpeg);
  return true;
}

// EXIF's tag 0x0112 (CIPA DC-008): 1 is upright, 2 to 8 are turned or mirrored. 1 where there is none.
int exif_orientation(const JpegReader& reader) {
  for (const jpeg_marker_struct* marker = reader.jpeg.marker_list; marker; marker = marker->next) {
    if (marker->data_length < 14 || std::memcmp(marker->data, "Exif\0\0", 6) != 0) continue;
    const unsigned char* tiff = marker->data + 6;
    const std::size_t size = marker->data_length - 6;
    const bool big = tiff[0] == 'M';
    auto number = [&](std::size_t at, std::size_t bytes) {
      std::size_t value = 0;
      for (std::size_t i = 0; i < bytes; ++i) value |= std::size_t{tiff[at + i]} << 8 * (big ? bytes - 1 - i : i);
      return value;
    };
    const std::size_t directory = number(4, 4);
    if (directory + 2 > size) continue;
    const std::size_t entries = number(directory, 2);
    for (std::size_t i = 0, at = directory + 2; i < entries && at + 12 <= size; ++i, at += 12) {
      if (number(at, 2) == 0x0112) return static_cast<int>(number(at + 8, 2));
    }
  }
  return 1;
}

// Where the pixel (y, x) of the upright picture lies in one stored with this orientation and size.
std::pair<std::int64_t, std::int64_t> stored_place(int orientation, std::int64_t y, std::int64_t x, std::int64_t height,
                                                   std::int64_t width) {
  switch (orientation) {
    case 2:
      return {y, width - 1 - x};
    case 3:
      return {height - 1 - y, width - 1 - x};
    case 4:
      return {height - 1 - y, x};
    case 5:
      return {x, y};
    case 6:
      return {height - 1 - x, y};
    case 7:
      return {height - 1 - x, width - 1 - y};
    case 8:
      return {x, width - 1 - y};
    default:
      return {y, x};
  }
}

void turn_upright(Picture& picture, int orientation) {
  if (orientation < 2 || orientation > 8) return;
  const ImageShape stored = picture.shape;
  if (orientation >= 5) std::swap(picture.shape.height, picture.shape.width);
  const std::vector<std::byte> from = picture.values;
  std::byte* to = picture.values.data();
  for (std::int64_t y = 0; y < picture.shape.height; ++y) {
    for (std::int64_t x = 0; x < picture.shape.width; ++x, to += stored.channels) {
      const auto [row, column] = stored_place(orientation, y, x, stored.height, stored.width);
      std::memcpy(to, from.data() + (row * stored.width + column) * stored.channels,
                  static_cast<std::size_t>(stored.channels));
    }
  }
}

}  // namespace

void decode_jpeg(std::span<const std::byte> file, const std::filesystem::path& path, Picture& picture) {
  JpegReader reader{};
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = on_jpeg_error;
  reader.errors.emit_message = on_jpeg_message;
  reader.jpeg.client_data = &reader;
  jpeg_create_decompress(&reader.jpeg);
  struct Destroy {
    JpegReader& of;
    ~Destroy() { jpeg_destroy_decompress(&of.jpeg); }
  } destroy{reader};
  auto damaged = [&] {
    return HintedError(fmt::format("{} is damaged: {}", path.string(), reader.problem.data()), get_it_again);
  };
  if (!read_jpeg_header(reader, reinterpret_cast<const unsigned char*>(file.data()), file.size())) throw damaged();
  if (reader.jpeg.num_components != 1 && reader.jpeg.num_components != 3) {
    throw HintedError(fmt::format("{} is a CMYK picture, for print", path.string()),
                      "convert it to RGB, for example with ImageMagick: mogrify -colorspace sRGB FILE");
  }
  picture.shape = {reader.jpeg.image_height, reader.jpeg.image_width, reader.jpeg.num_components};
  picture.element = {'u', 1, false};
  if (picture.shape.too_large()) {
    throw HintedError(
        fmt::format("{} is too large: {}×{} pixels", path.string(), picture.shape.height, picture.shape.width),
        "make it smaller");
  }
  reader.jpeg.out_color_space = reader.jpeg.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
  picture.values.resize(static_cast<std::size_t>(picture.shape.values()));
  const auto row_bytes = static_cast<std::size_t>(picture.shape.width * picture.shape.channels);
  const int orientation = exif_orientation(reader);  // libjpeg forgets it at the end
  if (!read_jpeg_rows(reader, reinterpret_cast<unsigned char*>(picture.values.data()), row_bytes)) throw damaged();
  turn_upright(picture, orientation);
}

}  // namespace latentgrid
