#include "nn/compute.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "nn/encoder.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

std::string refusal(const Arithmetic& arithmetic) {
  try {
    const Compute compute(arithmetic);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Compute, RefusesWhatItCannotDo) {
  EXPECT_EQ(refusal({}), "");
  EXPECT_EQ(refusal({.precision = "bfloat16"}), "");
  EXPECT_EQ(refusal({.precision = "float16"}), "precision is float32, tf32 or bfloat16, not 'float16'");
  EXPECT_EQ(refusal({.precision = "tf32"}), "precision tf32 is a mode of NVIDIA's GPUs, not of the CPU");
  EXPECT_EQ(refusal({.convolution = "direct"}), "");
  EXPECT_EQ(refusal({.convolution = "fft"}), "convolution is winograd or direct, not 'fft'");
  EXPECT_TRUE(refusal({.device = "cuda:99"}).starts_with("there is no device 'cuda:99': this build of LibTorch sees "));
  EXPECT_EQ(refusal({.device = "meta"}), "a device is cpu, cuda or cuda:N, not 'meta'");
  EXPECT_EQ(refusal({.device = "gpu"}), "a device is cpu, cuda or cuda:N, not 'gpu'");
}

TEST(Compute, AllowsWinogradForFloat32OnTheCpuUnlessToldOtherwise) {
  EXPECT_TRUE(Compute(Arithmetic{}).allows_winograd());
  EXPECT_FALSE(Compute(Arithmetic{.convolution = "direct"}).allows_winograd());
  EXPECT_FALSE(Compute(Arithmetic{.precision = "bfloat16"}).allows_winograd());
}

class PrecisionTest : public ::testing::Test {
 protected:
  PrecisionTest() { set_threads(1); }

  double loss(const std::string& precision, std::int64_t epochs, const std::filesystem::path& save_to = {}) {
    TrainingOptions options;
    options.batch_size = 16;
    options.learning_rate = 0.01;
    options.arithmetic.precision = precision;
    Trainer trainer(testing::training_of(testing::tiny_native_autoencoder()), options, testing::view(images_));
    for (std::int64_t i = 0; i < epochs; ++i) trainer.train_epoch([](std::int64_t, double) {});
    if (!save_to.empty()) trainer.save(save_to);
    return trainer.losses().back();
  }

  ImageSet images_ = testing::tiny_images();
};

// Eight bits of mantissa: relative errors of some 2^-8 in each product, of which a mean has fewer.
TEST_F(PrecisionTest, Bfloat16LearnsLikeFloat32InOtherNumbers) {
  const double plain = loss("float32", 6), brain = loss("bfloat16", 6);
  EXPECT_NE(plain, brain);
  EXPECT_NEAR(brain, plain, 0.01 * plain);
}

TEST_F(PrecisionTest, Bfloat16GivesTheSameBitsEachTime) {
  EXPECT_EQ(loss("bfloat16", 3), loss("bfloat16", 3));
}

TEST_F(PrecisionTest, ACheckpointIsOfFloat32WhateverThePrecision) {
  testing::TemporaryFolder folder;
  loss("bfloat16", 2, folder.path());
  const ImageView images = testing::view(images_);
  const auto ignore = [](std::int64_t) {};
  const Encoding plain = encode_images(folder.path(), images, {}, ignore);
  const Encoding brain = encode_images(folder.path(), images, {.precision = "bfloat16"}, ignore);
  ASSERT_EQ(plain.latents.size(), brain.latents.size());
  EXPECT_NE(plain.latents, brain.latents);
  EXPECT_NEAR(plain.recon_mse, brain.recon_mse, 0.01 * plain.recon_mse);
}

// What it leaves behind would change the next task of the worker.
TEST_F(PrecisionTest, Float32IsTheSameAfterBfloat16) {
  const double before = loss("float32", 2);
  loss("bfloat16", 1);
  EXPECT_EQ(loss("float32", 2), before);
}

}  // namespace
}  // namespace latentgrid::nn
