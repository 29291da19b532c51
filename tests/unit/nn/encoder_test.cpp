#include "nn/encoder.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "data/raw_pixels.hpp"
#include "nn/autoencoder.hpp"
#include "nn/checkpoint.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

class EncoderTest : public ::testing::Test {
 protected:
  EncoderTest() { set_threads(1); }

  Encoding trained(const Json& autoencoder) {
    TrainingOptions options;
    Trainer trainer(testing::training_of(autoencoder), options, testing::view(images_));
    trainer.train_epoch([](std::int64_t, double) {});
    trainer.save(folder_.path());
    return encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
  }

  // All images at once, N×C×H×W, straight from the definitions.
  void expect_by_definition(const Json& autoencoder, const Encoding& encoding) {
    at::NoGradGuard no_grad;
    AutoencoderModule model(autoencoder, Compute(Arithmetic()));
    load_model(folder_.path(), model.tensors());
    model.train(false);
    std::vector<float> pixels(images_.count * 192);
    for (std::int64_t i = 0; i < images_.count; ++i) {
      flatten_pixels(testing::view(images_), i, range_in(autoencoder), pixels.data() + i * 192);
    }
    at::Tensor x = at::from_blob(pixels.data(), {images_.count, 3, 8, 8}).clone();
    at::Tensor z = model.encode(x);
    at::Tensor errors = (model.decode(z) - x).square().flatten(1).mean(1);
    z = z.flatten(1).contiguous();
    ASSERT_EQ(encoding.dim, z.size(1));
    ASSERT_EQ(encoding.latents.size(), static_cast<std::size_t>(z.numel()));
    ASSERT_EQ(encoding.errors.size(), static_cast<std::size_t>(images_.count));
    for (std::int64_t i = 0; i < z.numel(); ++i) ASSERT_NEAR(encoding.latents[i], z.data_ptr<float>()[i], 1e-5) << i;
    for (std::int64_t i = 0; i < images_.count; ++i) ASSERT_NEAR(encoding.errors[i], errors.data_ptr<float>()[i], 1e-5);
    EXPECT_NEAR(encoding.recon_mse, errors.mean().item<double>(), 1e-6);
  }

  ImageSet images_ = testing::tiny_images(150);  // more than a batch of the encoder
  testing::TemporaryFolder folder_;
};

TEST_F(EncoderTest, ABottleneckIsEncodedInEvalMode) {
  Json model = testing::tiny_autoencoder();
  Encoding encoding = trained(model);
  EXPECT_EQ(encoding.dim, 6);
  expect_by_definition(model, encoding);
}

TEST_F(EncoderTest, AFeatureMapFlattensInChannelHeightWidthOrder) {
  Json model = testing::tiny_native_autoencoder();
  Encoding encoding = trained(model);
  EXPECT_EQ(encoding.dim, 4 * 4 * 4);
  expect_by_definition(model, encoding);
}

TEST_F(EncoderTest, TheRangeIsThatOfTheModel) {
  Json model = testing::tiny_autoencoder();
  const double usual = trained(model).recon_mse;
  put_range(model, PixelRange::zero_to_one);
  Encoding encoding = trained(model);
  expect_by_definition(model, encoding);
  EXPECT_NE(encoding.recon_mse, usual);
}

TEST_F(EncoderTest, EncodingTwiceGivesTheSameBits) {
  Encoding one = trained(testing::tiny_autoencoder());
  Encoding two = encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
  EXPECT_EQ(one.latents, two.latents);
  EXPECT_EQ(one.errors, two.errors);
}

// A batch norm whose statistics are infinite makes every latent 0, which is finite.
TEST_F(EncoderTest, AModelThatIsNotFiniteIsAnError) {
  trained(testing::tiny_autoencoder());
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (!entry.path().filename().string().ends_with("running_var.npy")) continue;
    const std::vector<float> infinite(8, std::numeric_limits<float>::infinity());
    write_npy(entry.path(), std::span<const float>(infinite), {8});
  }
  try {
    encode_images(folder_.path(), testing::view(images_), {}, [](std::int64_t) {});
    ADD_FAILURE();
  } catch (const Diverged& error) {
    EXPECT_EQ(std::string(error.what()), "8 of 8 values of encoder.2.running_var are not finite in the trained model " + folder_.path().string() +
                                "; train with a lower learning_rate");
  }
}

TEST_F(EncoderTest, ImagesOfAnotherShapeAreAnError) {
  trained(testing::tiny_autoencoder());
  ImageView wrong = testing::view(images_);
  wrong.height = 4;
  wrong.count *= 2;
  try {
    encode_images(folder_.path(), wrong, {}, [](std::int64_t) {});
    FAIL() << "it was encoded";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), folder_.path().string() +
                                " was trained on images of [3,8,8], these are [3,4,8] (channels, height, width)");
  }
}

}  // namespace
}  // namespace latentgrid::nn
