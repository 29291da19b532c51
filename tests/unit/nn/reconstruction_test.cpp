#include "nn/reconstruction.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "nn/autoencoder.hpp"
#include "nn/checkpoint.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

constexpr std::int64_t values = 3 * 8 * 8;

class ReconstructionTest : public ::testing::Test {
 protected:
  ReconstructionTest() { set_threads(1); }

  void train(const Json& autoencoder) {
    Trainer trainer(testing::training_of(autoencoder), TrainingOptions(), testing::view(images_));
    trainer.train_epoch([](std::int64_t, double) {});
    trainer.save(folder_.path());
  }
  Reconstruction reconstruct(const std::vector<std::int64_t>& chosen) {
    return reconstruct_images(folder_.path(), testing::view(images_), chosen, {}, [](std::int64_t) {});
  }

  ImageSet images_ = testing::tiny_images(300);
  testing::TemporaryFolder folder_;
};

TEST_F(ReconstructionTest, OriginalsAreTheChosenImagesAsTheyAre) {
  train(testing::tiny_autoencoder());
  const std::vector<std::int64_t> chosen{0, 7, 150, 299};
  const Reconstruction result = reconstruct(chosen);
  EXPECT_EQ(result.count, 4);
  EXPECT_EQ((std::vector{result.height, result.width, result.channels}), (std::vector<std::int64_t>{8, 8, 3}));
  ASSERT_EQ(result.originals.size(), chosen.size() * values);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto* original = images_.pixels.data() + chosen[i] * values;
    EXPECT_TRUE(
        std::equal(original, original + values, result.originals.begin() + static_cast<std::int64_t>(i) * values))
        << i;
  }
}

TEST_F(ReconstructionTest, ErrorsAreThoseOfTheEncoderForAnyChoice) {
  for (const Json& model : {testing::tiny_autoencoder(), testing::tiny_native_autoencoder()}) {
    train(model);
    const Encoding all = encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
    std::vector<std::int64_t> most(200);
    std::iota(most.begin(), most.end(), 100);  // more than go through at once
    for (const std::vector<std::int64_t>& chosen : {std::vector<std::int64_t>{299}, {0, 7, 127, 128, 200}, most}) {
      const Reconstruction result = reconstruct(chosen);
      ASSERT_EQ(result.errors.size(), chosen.size());
      for (std::size_t i = 0; i < chosen.size(); ++i) {
        const double expected = all.errors[static_cast<std::size_t>(chosen[i])];
        EXPECT_NEAR(result.errors[i], expected, 1e-6 * expected) << chosen[i];
      }
    }
  }
}

TEST_F(ReconstructionTest, ReconstructionsLieOverTheOriginalsPixelByPixel) {
  train(testing::tiny_autoencoder());
  const Reconstruction result = reconstruct({3, 150});
  ASSERT_EQ(result.reconstructions.size(), 2 * values);
  for (std::size_t image = 0; image < 2; ++image) {
    double error = 0;
    for (std::size_t i = image * values; i < (image + 1) * values; ++i) {
      error += std::pow(result.reconstructions[i] - (result.originals[i] / 127.5 - 1), 2) / values;
    }
    EXPECT_NEAR(result.errors[image], error, 1e-6 * error);
  }
}

TEST_F(ReconstructionTest, TheScaleIsThatOfTheModel) {
  Json model = testing::tiny_autoencoder();
  EXPECT_EQ((train(model), reconstruct({3})).range, PixelRange::minus_one_to_one);
  put_range(model, PixelRange::zero_to_one);
  train(model);
  const Reconstruction result = reconstruct({3});
  EXPECT_EQ(result.range, PixelRange::zero_to_one);
  double error = 0;
  for (std::size_t i = 0; i < values; ++i) {
    error += std::pow(result.reconstructions[i] - result.originals[i] / 255.0, 2) / values;
  }
  EXPECT_NEAR(result.errors[0], error, 1e-6 * error);
}

TEST_F(ReconstructionTest, ValuesBeyondTheScaleAreNotClipped) {
  Json model = testing::tiny_autoencoder();
  model["decoder"].erase(3);  // tanh
  torch::manual_seed(1);
  AutoencoderModule module(model, Compute(Arithmetic()));
  for (auto& [name, tensor] : module.parameters()) tensor.data().uniform_(-1, 1);
  save_model(folder_.path(), module.tensors());
  write_file(folder_ / "model.json", model.dump());
  const Reconstruction result = reconstruct({0, 1, 2, 3});
  const auto largest = std::max_element(result.reconstructions.begin(), result.reconstructions.end(),
                                        [](float a, float b) { return std::abs(a) < std::abs(b); });
  EXPECT_GT(std::abs(*largest), 1);
}

TEST_F(ReconstructionTest, WhatIsNotThereIsAnError) {
  train(testing::tiny_autoencoder());
  EXPECT_THROW(reconstruct({0, 300}), Error);
  EXPECT_THROW(reconstruct({-1}), Error);
  ImageView wrong = testing::view(images_);
  wrong.height = 4;
  EXPECT_THROW(reconstruct_images(folder_.path(), wrong, std::vector<std::int64_t>{0}, {}, [](std::int64_t) {}), Error);
}

}  // namespace
}  // namespace latentgrid::nn
