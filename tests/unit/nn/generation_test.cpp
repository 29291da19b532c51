#include "nn/generation.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "nn/reconstruction.hpp"
#include "nn/runtime.hpp"
#include "nn/trained_model.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

constexpr std::size_t values = 3 * 8 * 8;

class GenerationTest : public ::testing::Test {
 protected:
  GenerationTest() { set_threads(1); }

  void train(const Json& autoencoder, const Json& own = Json::object()) {
    Trainer trainer(testing::training_of(autoencoder, own), TrainingOptions(), testing::view(images_));
    trainer.train_epoch([](std::int64_t, double) {});
    trainer.save(folder_.path());
  }
  // What the decoder makes of latents, in H, W, C order.
  std::vector<float> decoded(const at::Tensor& latents) {
    const c10::InferenceMode no_autograd;
    TrainedModel model = read_trained_model(folder_.path(), {});
    std::vector<float> all;
    append(all, model.module.decode(latents).permute({0, 2, 3, 1}));
    return all;
  }
  GeneratedImages sample(std::int64_t count, std::int64_t seed = 7) {
    return sample_images(folder_.path(), count, seed, {}, [&](std::int64_t done) { done_ = done; });
  }
  GeneratedImages interpolate(const std::vector<std::int64_t>& ends, std::int64_t steps) {
    return interpolate_images(folder_.path(), testing::view(images_), ends, steps, {}, [&](std::int64_t done) { done_ = done; });
  }
  static void expect_near(std::span<const float> a, std::span<const float> b, const std::string& what) {
    ASSERT_EQ(a.size(), b.size()) << what;
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-5) << what << ", value " << i;
  }

  ImageSet images_ = testing::tiny_images(40);
  testing::TemporaryFolder folder_;
  std::int64_t done_ = 0;
};

TEST_F(GenerationTest, SamplesAreTheDecodersImagesOfStandardNormalDraws) {
  train(testing::tiny_autoencoder(), {{"method", "vae"}, {"kl_weight", 1.0}, {"kl_warmup", 0}});
  const GeneratedImages result = sample(5);
  EXPECT_EQ((std::vector{result.count, result.height, result.width, result.channels}), (std::vector<std::int64_t>{5, 8, 8, 3}));
  EXPECT_EQ(done_, 5);
  at::Tensor draws = at::empty({5, 6});
  for (std::int64_t i = 0; i < 5; ++i) {
    RandomStream random(7, "sample", {i});
    for (std::int64_t j = 0; j < 6; ++j) draws[i][j] = random.normal();
  }
  expect_near(result.values, decoded(draws), "decoded draws");
}

TEST_F(GenerationTest, MoreSamplesBeginWithTheSameAndAnotherSeedHasOthers) {
  train(testing::tiny_autoencoder());
  const GeneratedImages few = sample(3), many = sample(300), others = sample(3, 8);
  ASSERT_EQ(many.values.size(), 300 * values) << "more than go through at once";
  expect_near(few.values, std::span(many.values).first(few.values.size()), "the first ones");
  EXPECT_NE(few.values, others.values);
  EXPECT_EQ(sample(3).values, few.values);
}

TEST_F(GenerationTest, InterpolationsGoFromTheReconstructionOfOneImageToThatOfAnother) {
  for (const Json& model : {testing::tiny_autoencoder(), testing::tiny_native_autoencoder()}) {
    train(model);
    const GeneratedImages result = interpolate({3, 17, 30, 0}, 3);
    EXPECT_EQ(result.count, 6);
    EXPECT_EQ(done_, 6);
    const Reconstruction ends =
        reconstruct_images(folder_.path(), testing::view(images_), std::vector<std::int64_t>{3, 17, 30, 0}, {}, [](std::int64_t) {});
    const Encoding encoding = encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
    const std::int64_t dim = encoding.dim;
    const at::Tensor latents = at::from_blob(const_cast<float*>(encoding.latents.data()), {encoding.count, dim}, at::kFloat);
    const std::span<const float> all(result.values), reconstructed(ends.reconstructions);
    for (std::size_t pair = 0; pair < 2; ++pair) {
      expect_near(all.subspan(3 * pair * values, values), reconstructed.subspan(2 * pair * values, values), "from");
      expect_near(all.subspan((3 * pair + 2) * values, values), reconstructed.subspan((2 * pair + 1) * values, values), "to");
      at::Tensor middle = (pair == 0 ? latents[3] + latents[17] : latents[30] + latents[0]) / 2;
      middle = dim == 6 ? middle.reshape({1, 6}) : middle.reshape({1, 4, 4, 4});
      expect_near(all.subspan((3 * pair + 1) * values, values), decoded(middle), "half of the way");
    }
  }
}

TEST_F(GenerationTest, TheScaleIsThatOfTheModel) {
  Json model = testing::tiny_autoencoder();
  put_range(model, PixelRange::zero_to_one);
  train(model);
  EXPECT_EQ(sample(1).range, PixelRange::zero_to_one);
  EXPECT_EQ(interpolate({0, 1}, 2).range, PixelRange::zero_to_one);
}

TEST_F(GenerationTest, WhatIsNotThereIsAnError) {
  train(testing::tiny_native_autoencoder());
  EXPECT_THROW(sample(1), Error) << "a feature map has no number of values to draw";
  EXPECT_THROW(interpolate({0, 40}, 3), Error);
  EXPECT_THROW(interpolate({-1, 0}, 3), Error);
  ImageView wrong = testing::view(images_);
  wrong.height = 4;
  EXPECT_THROW(interpolate_images(folder_.path(), wrong, std::vector<std::int64_t>{0, 1}, 3, {}, [](std::int64_t) {}), Error);
}

}  // namespace
}  // namespace latentgrid::nn
