// What is said of layers that do not fit their input.
#include "model/shapes.hpp"

#include <gtest/gtest.h>

#include "model/layers.hpp"

namespace latentgrid {
namespace {

const TensorShape map = {6, 8, 9}, vector = {12, 0, 0};

// "MESSAGE | HINT", or the output.
std::string said(const char* type, const Json& given, const TensorShape& input) {
  Layer layer = {complete_arguments(*find_layer(type), given), {}};
  resolve_sizes(layer, {3, 32, 32}, input);
  TensorShape output;
  const auto problem = infer_shape(layer, input, output);
  return problem ? problem->message + " | " + problem->hint : output.text();
}

TEST(ShapeErrors, OfNormalizations) {
  EXPECT_EQ(said("batch_norm1d", Json::object(), vector), "12");
  EXPECT_EQ(said("batch_norm1d", Json::object(), map),
            "batch_norm1d expects a vector, gets 6×8×9 | use batch_norm2d, or put a flatten layer before it");
  EXPECT_EQ(said("batch_norm1d", {{"num_features", 8}}, vector),
            "batch_norm1d expects 8 input values, gets 12 | num_features is the number of values of the layer before, 12");
  EXPECT_EQ(said("batch_norm2d", Json::object(), vector),
            "batch_norm2d expects a feature map, gets a vector of 12 | put an unflatten layer before it");
  EXPECT_EQ(said("layer_norm", Json::object(), map), "6×8×9");
  EXPECT_EQ(said("layer_norm", {{"normalized_shape", {8, 9}}}, map), "6×8×9");
  EXPECT_EQ(said("layer_norm", {{"normalized_shape", {6}}}, map),
            "layer_norm of 6 cannot normalize 6×8×9 | normalized_shape is [6, 8, 9] or its last sizes; left out it is all of them");
  EXPECT_EQ(said("layer_norm", {{"normalized_shape", {3, 4}}}, vector),
            "layer_norm of 3×4 cannot normalize 12 | normalized_shape is the number of values of the layer before, 12; it may be left out");
  EXPECT_EQ(said("group_norm", {{"num_groups", 3}}, map), "6×8×9");
  EXPECT_EQ(said("group_norm", {{"num_groups", 4}}, map),
            "group_norm: 6 channels are not a multiple of num_groups 4 | change num_groups or the number of channels");
  EXPECT_EQ(said("group_norm", {{"num_groups", 2}, {"num_channels", 4}}, map),
            "group_norm expects 4 input channels, gets 6 | num_channels is the number of channels of the layer before, 6");
}

TEST(ShapeErrors, OfResamplings) {
  EXPECT_EQ(said("pixel_shuffle", {{"upscale_factor", 2}}, {8, 4, 5}), "2×8×10");
  EXPECT_EQ(said("pixel_shuffle", {{"upscale_factor", 2}}, map),
            "pixel_shuffle by 2 makes one channel of 4, and 6 channels are not a multiple of that | the layer before needs 4 channels "
            "for each that is wanted");
  EXPECT_EQ(said("pixel_shuffle", {{"upscale_factor", 3'000'000'000}}, map),
            "pixel_shuffle by 16777216 makes one channel of 281474976710656, and 6 channels are not a multiple of that | the layer before "
            "needs 281474976710656 channels for each that is wanted");
  EXPECT_EQ(said("adaptive_avg_pool2d", {{"output_size", {"height/8", 1}}}, map), "6×4×1");
  EXPECT_EQ(said("adaptive_avg_pool2d", {{"output_size", {1, 1}}}, vector),
            "adaptive_avg_pool2d expects a feature map, gets a vector of 12 | put an unflatten layer before it");
  EXPECT_EQ(said("dropout2d", Json::object(), vector),
            "dropout2d drops whole channels of a feature map, gets a vector of 12 | use dropout, or put an unflatten layer before it");
}

TEST(ShapeErrors, OfPaddingSame) {
  const Json given = {{"out_channels", 2}, {"kernel_size", {3, 4}}, {"padding", "same"}};
  EXPECT_EQ(said("conv2d", given, map), "2×8×9");
  Json strided = given;
  strided["stride"] = {1, 2};
  EXPECT_EQ(said("conv2d", strided, map),
            "conv2d: padding same needs stride 1 | give the padding as a number, or leave the stride out");
  Json reflected = given;
  reflected["padding_mode"] = "reflect";
  EXPECT_EQ(said("conv2d", reflected, {6, 2, 2}), "conv2d: padding 2 is too wide for padding_mode reflect on 6×2×2 | ");
}

TEST(Padding, SameIsStoredAsTheNumbersItStandsFor) {
  auto padding = [](Json given) {
    given["out_channels"] = 2;
    return complete_arguments(*find_layer("conv2d"), given)["padding"];
  };
  EXPECT_EQ(padding({{"kernel_size", {3, 5}}, {"padding", "same"}}), Json({1, 2}));
  EXPECT_EQ(padding({{"kernel_size", {2, 3}}, {"dilation", {2, 2}}, {"padding", "same"}}), Json({1, 2}));
  EXPECT_EQ(padding({{"kernel_size", {2, 3}}, {"padding", "same"}}), "same");
  EXPECT_EQ(padding({{"kernel_size", {3, 3}}, {"padding", "valid"}}), Json({0, 0}));
}

TEST(ImageSizes, MayBePartsOfTheImages) {
  for (const char* size : {"height", "channels/3", "values/100"}) EXPECT_TRUE(is_image_size(size)) << size;
  for (const char* size : {"height/0", "height/", "/2", "height/2/2", "height/-2", "depth/2", "height / 2"}) {
    EXPECT_FALSE(is_image_size(size)) << size;
  }
  Layer layer = {complete_arguments(*find_layer("upsample"), {{"size", {"height/4", "width/4"}}}), {}};
  resolve_sizes(layer, {3, 28, 30}, {8, 4, 4});
  EXPECT_EQ(layer.arguments["size"], Json({7, 8}));
}

}  // namespace
}  // namespace latentgrid
