#include "nn/export.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/utils.h>

#include <set>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "model/layers.hpp"
#include "nn/autoencoder.hpp"
#include "nn/checkpoint.hpp"
#include "nn/encoder.hpp"
#include "nn/layer_script.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

// One layer with arguments unlike their defaults, behind what makes its input from a 4×9×8 image.
struct LayerCase {
  const char* before;
  const char* layer;
};

const std::vector<LayerCase> layer_cases{
    {"", R"({"type":"conv2d","in_channels":4,"out_channels":6,"kernel_size":3})"},
    {"", R"({"type":"conv2d","in_channels":4,"out_channels":6,"kernel_size":[3,2],"stride":[2,1],"padding":[1,2],
             "dilation":[2,1],"groups":2,"bias":false})"},
    {"",
     R"({"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":3,"padding":[2,1],"padding_mode":"reflect"})"},
    {"",
     R"({"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":3,"padding":2,"padding_mode":"replicate"})"},
    {"",
     R"({"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":3,"padding":[1,3],"padding_mode":"circular"})"},
    {"", R"({"type":"conv_transpose2d","in_channels":4,"out_channels":3,"kernel_size":2,"stride":2})"},
    {"",
     R"({"type":"conv_transpose2d","in_channels":4,"out_channels":6,"kernel_size":[3,2],"stride":[2,3],"padding":[1,0],
             "output_padding":[1,2],"groups":2,"dilation":[1,2],"bias":false})"},
    {"", R"({"type":"max_pool2d","kernel_size":2})"},
    {"",
     R"({"type":"max_pool2d","kernel_size":[3,2],"stride":[2,3],"padding":[1,0],"dilation":[1,2],"ceil_mode":true})"},
    {"", R"({"type":"avg_pool2d","kernel_size":2,"stride":null})"},
    {"", R"({"type":"avg_pool2d","kernel_size":[3,2],"stride":[2,3],"padding":[1,0],"ceil_mode":true,
             "count_include_pad":false})"},
    {"", R"({"type":"upsample","scale_factor":[2,1.7]})"},
    {"", R"({"type":"upsample","size":[13,5]})"},
    {"", R"({"type":"upsample","scale_factor":1.7,"mode":"bilinear"})"},
    {"", R"({"type":"upsample","size":[13,5],"mode":"bilinear","align_corners":true})"},
    {"", R"({"type":"upsample","scale_factor":[0.6,2],"mode":"bicubic"})"},
    {"", R"({"type":"upsample","size":4,"mode":"bicubic","align_corners":true})"},
    {"", R"({"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":[4,3],"dilation":[1,2],"padding":"same"})"},
    {"",
     R"({"type":"conv2d","in_channels":4,"out_channels":2,"kernel_size":[2,3],"padding":"same","padding_mode":"reflect"})"},
    {"", R"({"type":"adaptive_avg_pool2d","output_size":1})"},
    {"", R"({"type":"adaptive_avg_pool2d","output_size":[4,11]})"},
    {"", R"({"type":"pixel_shuffle","upscale_factor":2})"},
    {R"({"type":"flatten"})", R"({"type":"batch_norm1d","num_features":288,"eps":0.25})"},
    {R"({"type":"flatten"})", R"({"type":"batch_norm1d","num_features":288,"affine":false})"},
    {"", R"({"type":"layer_norm","normalized_shape":[4,9,8],"eps":0.1})"},
    {R"({"type":"flatten"})", R"({"type":"layer_norm","normalized_shape":288,"elementwise_affine":false})"},
    {"", R"({"type":"group_norm","num_groups":2,"num_channels":4})"},
    {"", R"({"type":"group_norm","num_groups":4,"num_channels":4,"eps":0.1,"affine":false})"},
    {"", R"({"type":"residual","layers":[{"type":"conv2d","in_channels":4,"out_channels":4,"kernel_size":3,"padding":"same"},
             {"type":"batch_norm2d","num_features":4},{"type":"silu"}],"projection":[]})"},
    {"", R"({"type":"residual","layers":[
             {"type":"conv2d","in_channels":4,"out_channels":6,"kernel_size":3,"stride":2,"padding":1},
             {"type":"residual","layers":[{"type":"group_norm","num_groups":3,"num_channels":6},{"type":"elu"}]}],
             "projection":[{"type":"conv2d","in_channels":4,"out_channels":6,"kernel_size":1,"stride":2,"bias":false},
             {"type":"batch_norm2d","num_features":6}]})"},
    {"", R"({"type":"batch_norm2d","num_features":4})"},
    {"", R"({"type":"batch_norm2d","num_features":4,"eps":0.25,"affine":false})"},
    {"", R"({"type":"relu"})"},
    {"", R"({"type":"leaky_relu"})"},
    {"", R"({"type":"leaky_relu","negative_slope":0.3})"},
    {"", R"({"type":"gelu"})"},
    {"", R"({"type":"gelu","approximate":"tanh"})"},
    {"", R"({"type":"elu","alpha":0.4})"},
    {"", R"({"type":"selu"})"},
    {"", R"({"type":"silu"})"},
    {"", R"({"type":"softplus","beta":2.5,"threshold":1.5})"},
    {"", R"({"type":"dropout2d","p":0.7})"},
    {"", R"({"type":"tanh"})"},
    {"", R"({"type":"sigmoid"})"},
    {"", R"({"type":"dropout","p":0.7})"},
    {"", R"({"type":"flatten"})"},
    {R"({"type":"flatten"})", R"({"type":"linear","in_features":288,"out_features":5})"},
    {R"({"type":"flatten"})", R"({"type":"linear","in_features":288,"out_features":5,"bias":false})"},
    {R"({"type":"flatten"})", R"({"type":"unflatten","unflattened_size":[8,4,9]})"},
};

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() { set_threads(1); }

  torch::jit::Module exported(const std::string& name = "encoder.pt") {
    shown_ = export_encoder(folder_.path(), {}, folder_ / name);
    return torch::jit::load((folder_ / name).string());
  }

  // A checkpoint of these layers with parameters, running means and variances drawn at random; the model itself.
  AutoencoderModule save(const Json& encoder) {
    torch::manual_seed(5);
    const Json json{{"encoder", encoder}, {"decoder", Json::array()}, {"input", {4, 9, 8}}};
    AutoencoderModule model(json, Compute(Arithmetic()));
    at::NoGradGuard no_grad;
    for (auto& [name, tensor] : model.parameters()) tensor.uniform_(-1, 1);
    for (auto& [name, tensor] : model.buffers()) {
      if (tensor.is_floating_point()) tensor.uniform_(0.5, 2);
    }
    model.train(false);
    save_model(folder_.path(), model.tensors());
    write_file(folder_ / "model.json", json.dump());
    return model;
  }

  void train(const Json& autoencoder) {
    Trainer trainer(testing::training_of(autoencoder), TrainingOptions(), testing::view(images_));
    trainer.train_epoch([](std::int64_t, double) {});
    trainer.save(folder_.path());
  }

  at::Tensor bytes() {
    return at::from_blob(images_.pixels.data(), {images_.count, images_.height, images_.width, images_.channels},
                         at::kByte);
  }
  at::Tensor scaled() { return bytes().to(at::kFloat).div(127.5).sub(1).permute({0, 3, 1, 2}).contiguous(); }

  ImageSet images_ = testing::tiny_images(150);
  testing::TemporaryFolder folder_;
  ExportedEncoder shown_;
};

TEST_F(ExportTest, EveryLayerDoesWhatTheModelDoes) {
  at::NoGradGuard no_grad;
  std::set<std::string> tested, known;
  for (const LayerSpec& spec : all_layers()) known.insert(spec.name);
  const at::Tensor x = at::arange(3 * 4 * 9 * 8, at::kFloat).reshape({3, 4, 9, 8}).mul(0.7).sin().mul(2);
  for (const auto& [before, layer] : layer_cases) {
    Json layers = Json::array();
    if (*before) layers.push_back(Json::parse(before));
    layers.push_back(Json::parse(layer));
    tested.insert(layers.back()["type"].get<std::string>());
    AutoencoderModule model = save(layers);
    const at::Tensor expected = model.encode(x.contiguous(at::MemoryFormat::ChannelsLast)).flatten(1);
    torch::jit::Module module = exported();
    const at::Tensor got = module.forward({x}).toTensor();
    ASSERT_EQ(got.sizes(), expected.sizes()) << layer;
    EXPECT_TRUE(at::allclose(got, expected, 1e-5, 1e-5)) << layer;
    EXPECT_EQ(shown_.latent_dim, expected.size(1)) << layer;
  }
  EXPECT_EQ(tested, known);
}

TEST_F(ExportTest, LatentsAreThoseOfTheEncodeStage) {
  for (const Json& autoencoder :
       {testing::tiny_autoencoder(), testing::tiny_native_autoencoder(), testing::tiny_residual_autoencoder()}) {
    train(autoencoder);
    Encoding encoding = encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
    const at::Tensor expected = at::from_blob(encoding.latents.data(), {encoding.count, encoding.dim});
    torch::jit::Module module = exported();
    EXPECT_TRUE(at::allclose(module.forward({scaled()}).toTensor(), expected, 1e-5, 1e-6));
    EXPECT_TRUE(at::allclose(module.run_method("encode_uint8", bytes()).toTensor(), expected, 1e-5, 1e-6));
    EXPECT_EQ(module.attr("latent_dim").toInt(), encoding.dim);
    EXPECT_EQ(shown_.latent_dim, encoding.dim);
    EXPECT_EQ(shown_.input, (Json{3, 8, 8}));
    EXPECT_EQ(module.attr("input_shape"), c10::IValue(std::make_tuple(3, 8, 8)));
  }
}

TEST_F(ExportTest, ItStaysInEvalModeAndNeedsNoGradient) {
  train(testing::tiny_autoencoder());  // with dropout and batch norm
  torch::jit::Module module = exported();
  EXPECT_FALSE(module.is_training());
  const at::Tensor before = module.forward({scaled()}).toTensor();
  EXPECT_FALSE(before.requires_grad());
  module.train();
  EXPECT_TRUE(at::equal(module.forward({scaled()}).toTensor(), before));
}

TEST_F(ExportTest, NamesAreThoseOfASequential) {
  train(testing::tiny_autoencoder());
  torch::jit::Module module = exported();
  std::set<std::string> names;
  for (const auto& parameter : module.named_parameters()) names.insert(parameter.name);
  for (const auto& buffer : module.named_buffers()) names.insert(buffer.name);
  EXPECT_EQ(names, (std::set<std::string>{"0.weight", "0.bias", "2.weight", "2.bias", "2.running_mean", "2.running_var",
                                          "2.num_batches_tracked", "5.weight", "5.bias"}));
}

TEST_F(ExportTest, LayersInsideAResidualAreNamedByTheirPlace) {
  train(testing::tiny_residual_autoencoder());
  torch::jit::Module module = exported();
  std::set<std::string> names;
  for (const auto& parameter : module.named_parameters()) names.insert(parameter.name);
  EXPECT_EQ(names, (std::set<std::string>{"0.weight", "1.weight", "1.bias", "3.layers.0.weight", "3.layers.1.weight", "3.layers.1.bias",
                                          "3.layers.3.weight", "3.layers.4.weight", "3.layers.4.bias", "3.projection.0.weight",
                                          "3.projection.1.weight", "3.projection.1.bias"}));
}

TEST_F(ExportTest, TwoExportsHaveTheSameBytes) {
  train(testing::tiny_residual_autoencoder());
  exported();
  const std::string first = read_file(folder_ / "encoder.pt");
  testing::TemporaryFolder other;
  export_encoder(folder_.path(), {}, other / "encoder.pt");
  EXPECT_TRUE(read_file(other / "encoder.pt") == first);
}

TEST_F(ExportTest, ImagesOfAnotherShapeAreRefusedInWords) {
  train(testing::tiny_autoencoder());
  torch::jit::Module module = exported();
  auto refusal = [&](const char* method, const at::Tensor& images) -> std::string {
    try {
      module.get_method(method)({images});
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  const std::string floats = "the encoder takes float images of N x 3 x 8 x 8, scaled by x/127.5 - 1";
  const std::string integers = "encode_uint8 takes uint8 images of N x 8 x 8 x 3";
  EXPECT_NE(refusal("forward", scaled().narrow(2, 0, 7)).find(floats), std::string::npos);
  EXPECT_NE(refusal("forward", scaled()[0]).find(floats), std::string::npos);
  EXPECT_NE(refusal("encode_uint8", bytes().permute({0, 3, 1, 2})).find(integers), std::string::npos);
  EXPECT_NE(refusal("encode_uint8", bytes().to(at::kFloat)).find(integers), std::string::npos);
}

TEST_F(ExportTest, ImagesAreScaledToTheRangeOfTheModel) {
  Json model = testing::tiny_autoencoder();
  put_range(model, PixelRange::zero_to_one);
  train(model);
  torch::jit::Module module = exported();
  const Encoding encoding = encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
  const at::Tensor latents = at::from_blob(const_cast<float*>(encoding.latents.data()), {encoding.count, encoding.dim});
  const at::Tensor floats = bytes().to(at::kFloat).div(255).permute({0, 3, 1, 2}).contiguous();
  EXPECT_TRUE(at::allclose(module.get_method("encode_uint8")({bytes()}).toTensor(), latents, 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(module.forward({floats}).toTensor(), latents, 1e-4, 1e-5));
  try {
    module.forward({floats[0]});
    ADD_FAILURE();
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what()).find("N x 3 x 8 x 8, scaled by x/255"), std::string::npos) << error.what();
  }
}

TEST_F(ExportTest, UnknownLayersAndModelsAreErrors) {
  EXPECT_THROW(layer_script(Json{{"type", "conv3d"}}), Error);
  EXPECT_THROW(layer_script(Json{{"type", "linear"}, {"bias", "yes"}}), Error);
  EXPECT_THROW(export_encoder(folder_ / "nowhere", {}, folder_ / "encoder.pt"), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "encoder.pt"));
}

}  // namespace
}  // namespace latentgrid::nn
