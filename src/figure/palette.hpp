#pragma once

#include <cstdint>

#include "figure/figure.hpp"

namespace latentgrid {

using Rgb = std::uint32_t;  // 0xRRGGBB

// Okabe and Ito's eight colours, which colour-blind readers can tell apart; larger numbers begin anew, -1 is grey.
Rgb palette_color(Color color);

// How often the palette has begun anew: who draws shows it by the shape of the points.
int palette_round(Color color);

// matplotlib's viridis at 0 to 1 (van der Walt and Smith, CC0): even steps look even, in grey too.
Rgb viridis(double at);

// White to the palette's blue, for cells with numbers in them.
Rgb white_to_blue(double at);

// Whether white text reads better on this than black (relative luminance as in WCAG 2).
bool is_dark(Rgb color);

}  // namespace latentgrid
