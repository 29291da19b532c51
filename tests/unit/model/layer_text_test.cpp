#include "model/layer_text.hpp"

#include <gtest/gtest.h>

#include "model/layers.hpp"

namespace latentgrid {
namespace {

std::string text_of(const std::string& type, Json given) {
  return layer_text(complete_arguments(*find_layer(type), given));
}

TEST(LayerText, SizesStandByPositionAndDefaultsAreLeftOut) {
  EXPECT_EQ(text_of("conv2d", {{"in_channels", 3}, {"out_channels", 8}, {"kernel_size", {3, 3}}, {"stride", {2, 2}}, {"padding", {1, 1}}}),
            "conv2d(3, 8, 3×3, stride 2, padding 1)");
  EXPECT_EQ(text_of("conv2d", {{"in_channels", 3}, {"out_channels", 8}, {"kernel_size", {3, 5}}}), "conv2d(3, 8, 3×5)");
  EXPECT_EQ(text_of("conv_transpose2d", {{"in_channels", 8}, {"out_channels", 3}, {"kernel_size", {2, 2}}, {"stride", {2, 1}}, {"bias", false}}),
            "conv_transpose2d(8, 3, 2×2, stride 2×1, bias false)");
  EXPECT_EQ(text_of("linear", {{"in_features", 512}, {"out_features", 8}}), "linear(512, 8)");
  EXPECT_EQ(text_of("unflatten", {{"unflattened_size", {8, 4, 4}}}), "unflatten(8×4×4)");
  EXPECT_EQ(text_of("batch_norm2d", {{"num_features", 16}}), "batch_norm2d(16)");
  EXPECT_EQ(text_of("batch_norm2d", {{"num_features", 16}, {"momentum", 0.05}}), "batch_norm2d(16, momentum 0.05)");
  EXPECT_EQ(text_of("relu", Json::object()), "relu");
  EXPECT_EQ(text_of("leaky_relu", {{"negative_slope", 0.2}}), "leaky_relu(negative_slope 0.2)");
  EXPECT_EQ(text_of("upsample", {{"scale_factor", {2.0, 2.0}}}), "upsample(scale_factor 2.0)");
}

TEST(LayerText, APoolingsStrideIsItsKernelUnlessSaid) {
  EXPECT_EQ(text_of("max_pool2d", {{"kernel_size", {2, 2}}}), "max_pool2d(2×2)");
  EXPECT_EQ(text_of("avg_pool2d", {{"kernel_size", {3, 3}}, {"stride", {2, 2}}}), "avg_pool2d(3×3, stride 2)");
}

TEST(LayerText, ANormOrAResidualShowsWhatItIsOf) {
  EXPECT_EQ(text_of("layer_norm", {{"normalized_shape", {8, 4, 4}}}), "layer_norm(8×4×4)");
  EXPECT_EQ(text_of("group_norm", {{"num_groups", 4}, {"num_channels", 32}}), "group_norm(4, 32)");
  EXPECT_EQ(text_of("adaptive_avg_pool2d", {{"output_size", {1, 1}}}), "adaptive_avg_pool2d(1×1)");
  EXPECT_EQ(text_of("pixel_shuffle", {{"upscale_factor", 2}}), "pixel_shuffle(2)");
  EXPECT_EQ(text_of("softplus", {{"beta", 2.0}}), "softplus(beta 2.0)");
  EXPECT_EQ(text_of("conv2d", {{"in_channels", 3}, {"out_channels", 8}, {"kernel_size", {2, 2}}, {"padding", "same"}}),
            "conv2d(3, 8, 2×2, padding same)");
  EXPECT_EQ(layer_text(Json::parse(R"({"type": "residual", "layers": [{"type": "relu"}, {"type": "residual", "layers": [{"type": "tanh"}],
                                       "projection": []}], "projection": [{"type": "sigmoid"}]})")),
            "residual(relu, residual(tanh); projection sigmoid)");
}

TEST(LayerText, ALayerOfALaterProgramIsShownWhole) {
  EXPECT_EQ(layer_text(Json{{"type", "attention"}, {"heads", 4}}), R"({"heads":4,"type":"attention"})");
}

}  // namespace
}  // namespace latentgrid
