#include "data/resize.hpp"

#include <new>

#include "base/error.hpp"

// Debian 13 has the second major version of the library, Debian 12 the first.
#if __has_include(<stb/stb_image_resize2.h>)
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include <stb/stb_image_resize2.h>
#define LATENTGRID_STB_RESIZE_2 1
#else
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include <stb/stb_image_resize.h>
#endif

namespace latentgrid {

namespace {

stbir_filter resize_filter(std::int64_t from, std::int64_t to) {
  return to < from ? STBIR_FILTER_BOX : STBIR_FILTER_CATMULLROM;
}

}  // namespace

void resize_image(std::span<const std::uint8_t> image, const ImageShape& from, const ImageShape& to,
                  std::span<std::uint8_t> out) {
  if (from.channels > 4) throw Error("images of more than 4 channels cannot be resized");
  const auto width = static_cast<int>(from.width), height = static_cast<int>(from.height);
  const auto new_width = static_cast<int>(to.width), new_height = static_cast<int>(to.height);
  const stbir_filter across = resize_filter(from.width, to.width), down = resize_filter(from.height, to.height);
#ifdef LATENTGRID_STB_RESIZE_2
  constexpr stbir_pixel_layout layouts[] = {STBIR_1CHANNEL, STBIR_2CHANNEL, STBIR_RGB, STBIR_4CHANNEL};
  STBIR_RESIZE resize;
  stbir_resize_init(&resize, image.data(), width, height, 0, out.data(), new_width, new_height, 0,
                    layouts[from.channels - 1], STBIR_TYPE_UINT8);
  stbir_set_filters(&resize, across, down);
  const bool done = stbir_resize_extended(&resize) != 0;
#else
  const bool done = stbir_resize(image.data(), width, height, 0, out.data(), new_width, new_height, 0, STBIR_TYPE_UINT8,
                                 static_cast<int>(from.channels), STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP,
                                 STBIR_EDGE_CLAMP, across, down, STBIR_COLORSPACE_LINEAR, nullptr) != 0;
#endif
  if (!done) throw std::bad_alloc();
}

}  // namespace latentgrid
