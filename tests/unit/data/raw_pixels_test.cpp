#include "data/raw_pixels.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace latentgrid;

TEST(RawPixels, AreScaledAndInChannelHeightWidthOrder) {
  // Two images of 1×3 pixels with two channels.
  const std::vector<std::uint8_t> bytes{9, 9, 9, 9, 9, 9, 0, 255, 51, 102, 204, 153};
  std::vector<float> out(6);
  flatten_pixels({.pixels = bytes, .count = 2, .height = 1, .width = 3, .channels = 2}, 1, PixelRange::minus_one_to_one, out.data());
  const std::vector<float> expected{-1, -0.6f, 0.6f, 1, -0.2f, 0.2f};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(out[i], expected[i], 1e-6f) << i;
  flatten_pixels({.pixels = bytes, .count = 2, .height = 1, .width = 3, .channels = 2}, 1, PixelRange::zero_to_one, out.data());
  const std::vector<float> from_zero{0, 0.2f, 0.8f, 1, 0.4f, 0.6f};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(out[i], from_zero[i], 1e-6f) << i;
}
