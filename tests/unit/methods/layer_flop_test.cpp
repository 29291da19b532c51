#include "methods/layer_flop.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

Json conv(int in, int out, int kernel, int stride) {
  return {{"type", "conv2d"}, {"in_channels", in}, {"out_channels", out}, {"kernel_size", {kernel, kernel}}, {"stride", {stride, stride}}};
}

TEST(LayerFlop, CountsTheProductsOfEveryPosition) {
  MapSize size = {8, 6};
  EXPECT_EQ(forward_flop({conv(3, 5, 3, 1), {{"type", "relu"}}}, size), 2.0 * 48 * 9 * 3 * 5);
  EXPECT_EQ(forward_flop(Json::array({conv(4, 8, 3, 2)}), size), 2.0 * 12 * 9 * 4 * 8);
  EXPECT_EQ(size.height, 4);
  EXPECT_EQ(size.width, 3);
  Json transposed = conv(4, 8, 2, 2);
  transposed["type"] = "conv_transpose2d";
  EXPECT_EQ(forward_flop(Json::array({transposed}), size), 2.0 * 12 * 4 * 4 * 8);
  EXPECT_EQ(size.width, 6);
  Json grouped = conv(4, 8, 1, 1);
  grouped["groups"] = 4;
  EXPECT_EQ(forward_flop(Json::array({grouped}), size), 2.0 * 48 * 4 * 8 / 4);
  EXPECT_EQ(forward_flop({{{"type", "linear"}, {"in_features", 10}, {"out_features", 7}}}, size), 140);
}

TEST(LayerFlop, FollowsTheSizeOfTheMap) {
  MapSize size = {32, 32};
  const auto width = [&](const char* layer) {
    EXPECT_EQ(forward_flop(Json::array({Json::parse(layer)}), size), 0);
    return size.width;
  };
  EXPECT_EQ(width(R"({"type": "max_pool2d", "kernel_size": [2, 2], "stride": [2, 2]})"), 16);
  EXPECT_EQ(width(R"({"type": "upsample", "size": null, "scale_factor": [2.0, 2.0]})"), 32);
  EXPECT_EQ(width(R"({"type": "upsample", "size": [7, 9], "scale_factor": null})"), 9);
  EXPECT_EQ(width(R"({"type": "pixel_shuffle", "upscale_factor": 2})"), 18);
  EXPECT_EQ(width(R"({"type": "adaptive_avg_pool2d", "output_size": [1, 1]})"), 1);
  EXPECT_EQ(width(R"({"type": "unflatten", "unflattened_size": [256, 4, 5]})"), 5);
}

TEST(LayerFlop, OfAResidualIsThatOfBothPaths) {
  MapSize size = {8, 8};
  const Json residual = {{"type", "residual"}, {"layers", {conv(4, 8, 3, 2), conv(8, 8, 3, 1)}}, {"projection", {conv(4, 8, 1, 2)}}};
  EXPECT_EQ(forward_flop(Json::array({residual}), size), 2.0 * 16 * (9 * 4 * 8 + 9 * 8 * 8 + 4 * 8));
  EXPECT_EQ(size.width, 4);
}

}  // namespace
}  // namespace latentgrid
