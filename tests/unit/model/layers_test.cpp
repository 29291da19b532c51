#include "model/layers.hpp"
#include "model/shapes.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace latentgrid {
namespace {

TensorShape shape_of(const Json& sizes) {
  return sizes.size() == 1 ? TensorShape{sizes[0], 0, 0} : TensorShape{sizes[0], sizes[1], sizes[2]};
}

// layer_shapes.json holds what PyTorch answers; make_layer_shapes.py made it.
TEST(LayerShapes, AreThoseOfPyTorch) {
  const Json cases = Json::parse(std::ifstream(LATENTGRID_SOURCE_DIR "/tests/unit/model/layer_shapes.json"));
  ASSERT_GT(cases.size(), 400u);
  for (const Json& c : cases) {
    const TensorShape input = shape_of(c["input"]);
    Layer layer = {complete_arguments(*find_layer(c["layer"].get<std::string>()), c["arguments"]), {}};
    resolve_sizes(layer, input, input);
    TensorShape output;
    auto problem = infer_shape(layer, input, output);
    if (c["output"].is_null()) {
      EXPECT_TRUE(problem) << "PyTorch refuses " << c;
    } else {
      EXPECT_FALSE(problem) << c << ": " << problem->message;
      EXPECT_EQ(output, shape_of(c["output"])) << c;
    }
  }
}

TEST(LayerArguments, FollowPyTorchsOrder) {
  std::vector<std::string> names;
  for (const LayerArgument& argument : find_layer("conv_transpose2d")->arguments) names.push_back(argument.name);
  EXPECT_EQ(names, (std::vector<std::string>{"in_channels", "out_channels", "kernel_size", "stride", "padding",
                                             "output_padding", "groups", "bias", "dilation", "padding_mode"}));
}

TEST(LayerArguments, AreCompletedByDefaults) {
  EXPECT_EQ(
      complete_arguments(*find_layer("conv2d"), {{"in_channels", 3}, {"out_channels", 8}, {"kernel_size", {3, 3}}}),
      Json::parse(R"({"type": "conv2d", "in_channels": 3, "out_channels": 8, "kernel_size": [3, 3], "stride": [1, 1],
                            "padding": [0, 0], "dilation": [1, 1], "groups": 1, "bias": true, "padding_mode": "zeros"})"));
}

TEST(LayerArguments, APoolingStepsByItsKernel) {
  EXPECT_EQ(complete_arguments(*find_layer("max_pool2d"), {{"kernel_size", {2, 3}}})["stride"], Json({2, 3}));
}

TEST(LayerArguments, WhatChangesNoResultIsNotStored) {
  EXPECT_EQ(complete_arguments(*find_layer("relu"), {{"inplace", true}}), Json({{"type", "relu"}}));
}

TEST(Sizes, SymbolsAreTheImagesAndMissingOnesTheInputs) {
  Layer layer = {complete_arguments(*find_layer("conv2d"), {{"out_channels", "channels"}, {"kernel_size", {1, 1}}}),
                 {}};
  resolve_sizes(layer, {3, 32, 30}, {7, 8, 8});
  EXPECT_EQ(layer.arguments["in_channels"], 7);
  EXPECT_EQ(layer.arguments["out_channels"], 3);
  Layer back = {complete_arguments(*find_layer("unflatten"), {{"unflattened_size", {"channels", "height", "width"}}}),
                {}};
  resolve_sizes(back, {3, 32, 30}, {2880, 0, 0});
  EXPECT_EQ(back.arguments["unflattened_size"], Json({3, 32, 30}));
  Layer linear = {complete_arguments(*find_layer("linear"), {{"out_features", "values"}}), {}};
  resolve_sizes(linear, {3, 32, 30}, {12, 0, 0});
  EXPECT_EQ(linear.arguments["in_features"], 12);
  EXPECT_EQ(linear.arguments["out_features"], 2880);
}

TEST(Sizes, ThatWouldNotFitInMemoryAreRefused) {
  Layer layer = {complete_arguments(*find_layer("upsample"), {{"scale_factor", {1e12, 1e12}}}), {}};
  TensorShape output;
  auto problem = infer_shape(layer, {3, 32, 32}, output);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "upsample makes 3×33554432×33554432, which is too large");
}

}  // namespace
}  // namespace latentgrid
