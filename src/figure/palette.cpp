#include "figure/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace latentgrid {

namespace {

constexpr std::array<Rgb, 8> okabe_ito{0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0xF0E442, 0x000000};
constexpr Rgb grey = 0x999999;

Rgb between(Rgb a, Rgb b, double at) {
  Rgb color = 0;
  for (int shift : {16, 8, 0}) {
    double from = (a >> shift) & 255, to = (b >> shift) & 255;
    color |= static_cast<Rgb>(std::lround(from + (to - from) * at)) << shift;
  }
  return color;
}

template <std::size_t n>
Rgb from_ramp(const std::array<Rgb, n>& ramp, double at) {
  double place = std::clamp(at, 0.0, 1.0) * (n - 1);
  auto i = std::min(static_cast<std::size_t>(place), n - 2);
  return between(ramp[i], ramp[i + 1], place - static_cast<double>(i));
}

}  // namespace

Rgb palette_color(Color color) {
  return color < 0 ? grey : okabe_ito[static_cast<std::size_t>(color) % okabe_ito.size()];
}

int palette_round(Color color) {
  return color < 0 ? 0 : color / static_cast<int>(okabe_ito.size());
}

Rgb viridis(double at) {
  static constexpr std::array<Rgb, 9> ramp{0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C,
                                           0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};
  return from_ramp(ramp, at);
}

Rgb white_to_blue(double at) {
  static constexpr std::array<Rgb, 4> ramp{0xFFFFFF, 0xB7D5EA, 0x4B9CCB, 0x00508A};
  return from_ramp(ramp, at);
}

bool is_dark(Rgb color) {
  auto linear = [&](int shift) {
    double part = ((color >> shift) & 255) / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0) < 0.1791;
}

}  // namespace latentgrid
