#include "model/architecture.hpp"

#include <gtest/gtest.h>

#include "model/layers.hpp"

namespace latentgrid {
namespace {

Layer layer(const char* type, Json arguments = Json::object(), int line = 0) {
  return {complete_arguments(*find_layer(type), arguments), {line ? "sweep.yaml" : "", line, line ? 5 : 0}};
}

Architecture ae1() {
  return {"AE1",
          {layer("conv2d", {{"in_channels", "channels"},
                            {"out_channels", 8},
                            {"kernel_size", {3, 3}},
                            {"stride", {2, 2}},
                            {"padding", {1, 1}}})},
          {layer("conv_transpose2d",
                 {{"in_channels", 8}, {"out_channels", "channels"}, {"kernel_size", {2, 2}}, {"stride", {2, 2}}}),
           layer("tanh")},
          {}};
}

const SourcePosition grid = {"sweep.yaml", 9, 3};

std::vector<std::string> types(const std::vector<Layer>& layers) {
  std::vector<std::string> names;
  for (const Layer& l : layers) names.push_back(l.arguments["type"]);
  return names;
}

TEST(Fitting, FollowsTheChannelsOfTheImages) {
  for (std::int64_t channels : {1, 3}) {
    Diagnostics diagnostics;
    auto model = fit_architecture(ae1(), {channels, 32, 32}, std::nullopt, grid, diagnostics);
    ASSERT_TRUE(model) << diagnostics.render();
    EXPECT_EQ(model->latent, (TensorShape{8, 16, 16}));
    EXPECT_EQ(model->encoder[0].arguments["in_channels"], channels);
    EXPECT_EQ(model->to_json()["input"], Json({channels, 32, 32}));
  }
}

TEST(Bottleneck, GoesBetweenEncoderAndDecoder) {
  Diagnostics diagnostics;
  auto model = fit_architecture(ae1(), {3, 32, 32}, 32, grid, diagnostics);
  ASSERT_TRUE(model) << diagnostics.render();
  EXPECT_EQ(types(model->encoder), (std::vector<std::string>{"conv2d", "flatten", "linear"}));
  EXPECT_EQ(types(model->decoder), (std::vector<std::string>{"linear", "unflatten", "conv_transpose2d", "tanh"}));
  EXPECT_EQ(model->latent, (TensorShape{32, 0, 0}));
  EXPECT_EQ(model->encoder[2].arguments,
            Json({{"type", "linear"}, {"in_features", 2048}, {"out_features", 32}, {"bias", true}}));
  EXPECT_EQ(model->decoder[0].arguments,
            Json({{"type", "linear"}, {"in_features", 32}, {"out_features", 2048}, {"bias", true}}));
  EXPECT_EQ(model->decoder[1].arguments["unflattened_size"], Json({8, 16, 16}));
}

TEST(Bottleneck, NeedsNoFlattenAfterAnEncoderThatEndsFlat) {
  Architecture flat = {"flat",
                       {layer("flatten"), layer("linear", {{"out_features", 100}})},
                       {layer("linear", {{"out_features", "values"}}),
                        layer("unflatten", {{"unflattened_size", {"channels", "height", "width"}}})},
                       {}};
  Diagnostics diagnostics;
  auto model = fit_architecture(flat, {1, 28, 28}, 10, grid, diagnostics);
  ASSERT_TRUE(model) << diagnostics.render();
  EXPECT_EQ(types(model->encoder), (std::vector<std::string>{"flatten", "linear", "linear"}));
  EXPECT_EQ(types(model->decoder), (std::vector<std::string>{"linear", "linear", "unflatten"}));
  EXPECT_EQ(model->latent.values(), 10);
}

TEST(Bottleneck, SaysWhichLayersItAdds) {
  Architecture flat = {"flat",
                       {layer("flatten"), layer("linear", {{"out_features", 100}})},
                       {layer("linear", {{"out_features", "values"}}),
                        layer("unflatten", {{"unflattened_size", {"channels", "height", "width"}}})},
                       {}};
  Diagnostics diagnostics;
  auto added = [&](const Architecture& architecture, std::optional<std::int64_t> latent_dim) {
    return fit_architecture(architecture, {3, 32, 32}, latent_dim, grid, diagnostics)->added_layers();
  };
  EXPECT_EQ(added(flat, std::nullopt), "");
  EXPECT_EQ(added(flat, 10),
            "linear(100, 10) is added to the end of the encoder, linear(10, 100) is added to the beginning of the decoder "
            "(the encoder already ends in a vector of 100 values; latent_dim: native adds nothing)");
  EXPECT_EQ(added(ae1(), 10),
            "flatten and linear(2048, 10) are added to the end of the encoder, linear(10, 2048) and unflatten(8×16×16) are "
            "added to the beginning of the decoder");
}

TEST(Fitting, ReportsAtTheLayer) {
  Architecture wrong = ae1();
  wrong.where = {"sweep.yaml", 3, 1};
  wrong.encoder.push_back(layer("conv2d", {{"in_channels", 3}, {"out_channels", 4}, {"kernel_size", {3, 3}}}, 6));
  Diagnostics diagnostics;
  EXPECT_FALSE(fit_architecture(wrong, {3, 32, 32}, std::nullopt, grid, diagnostics));
  EXPECT_EQ(diagnostics.render(),
            "sweep.yaml:6:5: error: conv2d expects 3 input channels, gets 8\n"
            "  hint: in_channels is the number of channels of the layer before, 8\n");
}

TEST(Fitting, ReportsWhereABuiltInArchitectureIsUsed) {
  Diagnostics diagnostics;
  EXPECT_FALSE(fit_architecture(ae1(), {3, 31, 31}, std::nullopt, grid, diagnostics));
  EXPECT_EQ(diagnostics.render(),
            "sweep.yaml:9:3: error: the decoder of AE1 returns 3×32×32, but the images are 3×31×31\n"
            "  hint: write pad_to: 32 in dataset\n");
}

// What is said of a decoder that does not return the images of an encoder that keeps them.
std::string remedy(std::vector<Layer> decoder, const TensorShape& image, std::vector<Layer> encoder = {layer("relu")}) {
  const Architecture mine = {"mine", std::move(encoder), std::move(decoder), {"sweep.yaml", 3, 1}};
  Diagnostics diagnostics;
  EXPECT_FALSE(fit_architecture(mine, image, std::nullopt, grid, diagnostics));
  EXPECT_EQ(diagnostics.all().size(), 1u);
  return diagnostics.all().empty() ? "" : diagnostics.all()[0].hint;
}

TEST(Fitting, OffersPaddingOnlyWhereItHelps) {
  const Layer halve = layer("max_pool2d", {{"kernel_size", {2, 2}}}), doubled = layer("upsample", {{"scale_factor", {2, 2}}});
  EXPECT_EQ(remedy({doubled}, {3, 28, 28}),
            "the decoder's strides must undo those of the encoder: its last layer, upsample(scale_factor 2), returns 3×56×56");
  EXPECT_EQ(remedy({doubled}, {3, 29, 29}, {halve}),
            "write pad_to: 30 in dataset, or change the decoder: its last layer, upsample(scale_factor 2), returns 3×28×28");
  EXPECT_EQ(remedy({doubled}, {3, 28, 31}, {halve}),
            "write pad_to: [28, 32] in dataset, or change the decoder: its last layer, upsample(scale_factor 2), returns 3×28×30");
  const Layer four = layer("conv2d", {{"in_channels", 3}, {"out_channels", 4}, {"kernel_size", {1, 1}}});
  EXPECT_EQ(remedy({four, layer("tanh")}, {3, 8, 8}),
            "write 3 or channels as the out_channels of its layer conv2d(3, 4, 1×1), which has 4");
  EXPECT_EQ(remedy({layer("flatten")}, {3, 8, 8}),
            "end the decoder with layers that make 3×8×8 of it, such as {linear: values} and {unflatten: [channels, height, width]}");
}

// PyTorch: "Expected more than 1 value per channel when training".
TEST(BatchNorm, NeedsMoreThanOneImageForMapsOfOnePixelAlone) {
  Diagnostics diagnostics;
  auto single_values = [&](const Architecture& architecture, const TensorShape& image) {
    return fit_architecture(architecture, image, std::nullopt, grid, diagnostics)->normalizes_single_values();
  };
  Architecture in_encoder = ae1(), in_decoder = ae1();
  in_encoder.encoder.push_back(layer("batch_norm2d"));
  in_decoder.decoder.insert(in_decoder.decoder.begin(), layer("batch_norm2d"));
  EXPECT_EQ(single_values(ae1(), {3, 2, 2}), "");
  for (const Architecture& architecture : {in_encoder, in_decoder}) {
    EXPECT_EQ(single_values(architecture, {3, 32, 32}), "");
    EXPECT_EQ(single_values(architecture, {3, 2, 4}), "") << "1×2";
    EXPECT_EQ(single_values(architecture, {3, 2, 2}), "batch_norm2d of 1×1 maps");
  }
  EXPECT_EQ(diagnostics.render(), "");
}

TEST(Fitting, AnAutoencoderWithoutParametersIsAnError) {
  Architecture pooled = {"pooled",
                         {layer("avg_pool2d", {{"kernel_size", {4, 4}}}, 5)},
                         {layer("upsample", {{"scale_factor", {4, 4}}}, 6)},
                         {"sweep.yaml", 4, 3}};
  Diagnostics diagnostics;
  EXPECT_FALSE(fit_architecture(pooled, {1, 8, 8}, std::nullopt, grid, diagnostics));
  EXPECT_EQ(diagnostics.render(),
            "sweep.yaml:4:3: error: pooled has nothing to train: none of its layers has parameters\n"
            "  hint: add a layer with weights (conv2d, conv_transpose2d, linear), or give the architecture a latent_dim, "
            "which adds linear layers\n");
  Diagnostics fine;
  EXPECT_TRUE(fit_architecture(pooled, {1, 8, 8}, 2, grid, fine));
  pooled.encoder.push_back(layer("batch_norm2d"));
  EXPECT_TRUE(fit_architecture(pooled, {1, 8, 8}, std::nullopt, grid, fine));
  EXPECT_EQ(fine.render(), "");
  pooled.encoder.back() = layer("batch_norm2d", {{"affine", false}});
  EXPECT_FALSE(fit_architecture(pooled, {1, 8, 8}, std::nullopt, grid, fine));
}

}  // namespace
}  // namespace latentgrid
