#include <gtest/gtest.h>

#include "model/architecture.hpp"
#include "model/layer_text.hpp"
#include "model/layers.hpp"

namespace latentgrid {
namespace {

Layer layer(const char* type, const Json& arguments = Json::object(), int line = 0) {
  return {complete_arguments(*find_layer(type), arguments), {line ? "sweep.yaml" : "", line, line ? 5 : 0}};
}

Layer conv(std::int64_t channels, std::int64_t kernel, std::int64_t stride, std::int64_t padding, int line = 0) {
  return layer("conv2d",
               {{"out_channels", channels}, {"kernel_size", {kernel, kernel}}, {"stride", {stride, stride}}, {"padding", {padding, padding}}},
               line);
}

Layer residual(std::vector<Layer> layers, std::vector<Layer> projection = {}, int line = 0) {
  Layer block = layer("residual", Json::object(), line);
  block.layers = std::move(layers);
  block.projection = std::move(projection);
  return block;
}

const SourcePosition used_at = {"sweep.yaml", 9, 3};

// An encoder and what makes the image of anything.
Architecture with(std::vector<Layer> encoder) {
  return {"mine",
          std::move(encoder),
          {layer("flatten"), layer("linear", {{"out_features", "values"}}),
           layer("unflatten", {{"unflattened_size", {"channels", "height", "width"}}})},
          {"sweep.yaml", 3, 1}};
}

std::optional<Autoencoder> fitted(std::vector<Layer> encoder, const TensorShape& image, Diagnostics& diagnostics) {
  return fit_architecture(with(std::move(encoder)), image, std::nullopt, used_at, diagnostics);
}

std::string said(std::vector<Layer> encoder, const TensorShape& image = {3, 8, 8}) {
  Diagnostics diagnostics;
  EXPECT_FALSE(fitted(std::move(encoder), image, diagnostics));
  return diagnostics.render();
}

std::string text_of(std::vector<Layer> encoder, const TensorShape& image = {3, 8, 8}) {
  Diagnostics diagnostics;
  const auto model = fitted(std::move(encoder), image, diagnostics);
  EXPECT_TRUE(model) << diagnostics.render();
  return model ? layer_text(model->encoder.front().to_json()) + " = " + model->latent.text() : "";
}

// torchvision's BasicBlock: the input itself where shapes are equal, else conv1x1(in, out, stride) without bias and a batch norm.
TEST(Residual, ProjectsWhereTheShapeChanges) {
  EXPECT_EQ(text_of({residual({conv(3, 3, 1, 1), layer("relu")})}), "residual(conv2d(3, 3, 3×3, padding 1), relu) = 3×8×8");
  EXPECT_EQ(text_of({residual({conv(4, 3, 1, 1)})}),
            "residual(conv2d(3, 4, 3×3, padding 1); projection conv2d(3, 4, 1×1, bias false), batch_norm2d(4)) = 4×8×8");
  EXPECT_EQ(text_of({residual({conv(4, 3, 2, 1)})}, {3, 9, 8}),
            "residual(conv2d(3, 4, 3×3, stride 2, padding 1); projection conv2d(3, 4, 1×1, stride 2, bias false), batch_norm2d(4)) = 4×5×4");
  EXPECT_EQ(text_of({residual({layer("avg_pool2d", {{"kernel_size", {2, 2}}})})}, {3, 7, 8}),
            "residual(avg_pool2d(2×2); projection conv2d(3, 3, 1×1, stride 3×2, bias false), batch_norm2d(3)) = 3×3×4");
}

TEST(Residual, OfVectorsProjectsByALinearLayer) {
  Diagnostics diagnostics;
  const auto model = fitted({layer("flatten"), residual({layer("linear", {{"out_features", 7}})})}, {3, 2, 2}, diagnostics);
  ASSERT_TRUE(model) << diagnostics.render();
  EXPECT_EQ(layer_text(model->encoder[1].to_json()),
            "residual(linear(12, 7); projection linear(12, 7, bias false), batch_norm1d(7))");
}

TEST(Residual, MayHaveAProjectionOfItsOwn) {
  EXPECT_EQ(text_of({residual({conv(4, 3, 2, 1)}, {layer("avg_pool2d", {{"kernel_size", {2, 2}}}), conv(4, 1, 1, 0)})}),
            "residual(conv2d(3, 4, 3×3, stride 2, padding 1); projection avg_pool2d(2×2), conv2d(3, 4, 1×1)) = 4×4×4");
}

TEST(Residual, IsWrittenWithTheLayersInside) {
  Diagnostics diagnostics;
  const auto model = fitted({residual({conv(3, 3, 1, 1), residual({layer("relu")})})}, {3, 8, 8}, diagnostics);
  ASSERT_TRUE(model) << diagnostics.render();
  const Json json = model->to_json()["encoder"][0];
  EXPECT_EQ(json["type"], "residual");
  EXPECT_EQ(json["projection"], Json::array());
  EXPECT_EQ(json["layers"][0]["in_channels"], 3);
  EXPECT_EQ(json["layers"][1], Json::parse(R"({"type": "residual", "layers": [{"type": "relu"}], "projection": []})"));
}

TEST(Residual, ErrorsAreSaidAtTheLayerInside) {
  EXPECT_EQ(said({residual({conv(4, 3, 1, 1), residual({layer("linear", {{"out_features", 2}}, 7)}, {}, 6)}, {}, 5)}),
            "sweep.yaml:7:5: error: linear expects a vector, gets 4×8×8\n  hint: put a flatten layer before it\n");
  EXPECT_EQ(said({residual({conv(4, 3, 1, 1)}, {conv(4, 9, 1, 0, 8)}, 5)}),
            "sweep.yaml:8:5: error: conv2d would make 0×0 of 3×8×8, which is too small for this layer\n"
            "  hint: a smaller kernel or stride, more padding, or fewer layers before it\n");
  EXPECT_EQ(said({residual({conv(4, 9, 1, 0)})}),  // of a built-in one
            "sweep.yaml:9:3: error: conv2d would make 0×0 of 3×8×8, which is too small for this layer\n"
            "  hint: a smaller kernel or stride, more padding, or fewer layers before it\n");
}

TEST(Residual, WhatCannotBeAddedIsSaid) {
  EXPECT_EQ(said({residual({layer("upsample", {{"scale_factor", {2, 2}}})}, {}, 5)}),
            "sweep.yaml:5:5: error: residual cannot add the 3×16×16 that its layers make to its input of 3×8×8: no 1×1 convolution makes "
            "16×16 of 8×8\n"
            "  hint: put layers that enlarge before or behind the residual, or write a projection of your own: residual: {layers: [...], "
            "projection: [...]}\n");
  EXPECT_EQ(said({residual({conv(3, 3, 1, 0)}, {}, 5)}),  // 6 of 8 lines
            "sweep.yaml:5:5: error: residual cannot add the 3×6×6 that its layers make to its input of 3×8×8: no 1×1 convolution makes 6×6 "
            "of 8×8\n"
            "  hint: pad the convolutions inside so that they keep the size or divide it, or write a projection of your own: residual: "
            "{layers: [...], projection: [...]}\n");
  EXPECT_EQ(said({residual({layer("flatten")}, {}, 5)}),
            "sweep.yaml:5:5: error: residual cannot add the 192 that its layers make to its input of 3×8×8\n"
            "  hint: end its layers in as many dimensions as they begin with, or write a projection of your own: residual: {layers: [...], "
            "projection: [...]}\n");
  EXPECT_EQ(said({residual({conv(4, 3, 1, 1)}, {conv(5, 1, 1, 0)}, 5)}),
            "sweep.yaml:5:5: error: residual cannot add the 4×8×8 of its layers to the 5×8×8 of its projection\n"
            "  hint: end both in the same shape, or leave the projection out: it is made where one is needed\n");
}

TEST(Residual, WhatIsAskedOfLayersIsAskedOfThoseInside) {
  Diagnostics diagnostics;
  const auto model = [&](std::vector<Layer> encoder, const TensorShape& image = {3, 8, 8}) {
    return *fitted(std::move(encoder), image, diagnostics);
  };
  EXPECT_EQ(model({residual({conv(3, 3, 1, 1), layer("batch_norm2d")})}).normalizes_single_values(), "");
  EXPECT_EQ(model({residual({conv(3, 3, 1, 1), layer("batch_norm2d")})}, {3, 1, 1}).normalizes_single_values(), "batch_norm2d of 1×1 maps");
  EXPECT_EQ(model({residual({conv(4, 8, 8, 0)})}).normalizes_single_values(), "batch_norm2d of 1×1 maps") << "of the projection";
  EXPECT_EQ(model({layer("flatten"), residual({layer("batch_norm1d")})}).normalizes_single_values(), "batch_norm1d");
  EXPECT_EQ(model({residual({layer("adaptive_avg_pool2d", {{"output_size", {1, 1}}})})}).irreproducible_on_gpu(), "");
  EXPECT_EQ(model({residual({layer("relu"), residual({layer("adaptive_avg_pool2d", {{"output_size", {4, 4}}})})})}).irreproducible_on_gpu(),
            "adaptive_avg_pool2d(4×4)");
  Architecture nothing = with({residual({layer("relu")})});
  nothing.decoder = {layer("tanh")};
  EXPECT_FALSE(fit_architecture(nothing, {3, 8, 8}, std::nullopt, used_at, diagnostics)) << "no parameters";
  nothing.encoder = {residual({layer("layer_norm")})};
  EXPECT_TRUE(fit_architecture(nothing, {3, 8, 8}, std::nullopt, used_at, diagnostics));
}

TEST(Residual, TheRemedyOfADecoderLooksInside) {
  Architecture mine = with({layer("relu")});
  mine.decoder = {residual({conv(4, 3, 1, 1)}), layer("tanh")};
  Diagnostics diagnostics;
  EXPECT_FALSE(fit_architecture(mine, {3, 8, 8}, std::nullopt, used_at, diagnostics));
  EXPECT_EQ(diagnostics.all().at(0).hint,
            "write 3 or channels as the out_channels of its layer conv2d(3, 4, 3×3, padding 1), which has 4");
  mine.decoder = {conv(8, 3, 2, 1), layer("pixel_shuffle", {{"upscale_factor", 2}})};
  Diagnostics others;
  EXPECT_FALSE(fit_architecture(mine, {3, 8, 8}, std::nullopt, used_at, others));
  EXPECT_EQ(others.all().at(0).hint,
            "write 12 as the out_channels of its layer conv2d(3, 8, 3×3, stride 2, padding 1), which has 8");
}

TEST(NonnegativeEnds, AreSeenThroughLayersThatKeepTheSign) {
  const auto end = [](std::vector<Layer> decoder) {
    const Autoencoder model = {.decoder = std::move(decoder)};
    const Layer* found = model.nonnegative_end();
    return found ? found->type() : "";
  };
  EXPECT_EQ(end({layer("relu"), layer("pixel_shuffle", {{"upscale_factor", 2}}), layer("dropout2d")}), "relu");
  EXPECT_EQ(end({layer("softplus")}), "softplus");
  for (const char* type : {"elu", "selu", "silu", "batch_norm1d"}) EXPECT_EQ(end({layer("relu"), layer(type)}), "") << type;
  EXPECT_EQ(end({residual({layer("relu")})}), "") << "its input may be negative";
}

}  // namespace
}  // namespace latentgrid
