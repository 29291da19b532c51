// Every operation beside torchvision's, and the same bytes from every instruction set.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <vector>

#include "augment/blur.hpp"
#include "augment/color.hpp"
#include "augment/crop.hpp"
#include "augment/erasing.hpp"
#include "augment/horizontal_flip.hpp"
#include "augment/noise.hpp"
#include "augment/random_resized_crop.hpp"
#include "augment/rotation.hpp"
#include "support/golden.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
namespace {

// From C, H, W to H, W, C and into an image, or the other way.
FloatImage image_in(const Json& answer) {
  const std::int64_t channels = answer.at("channels"), height = answer.at("height"), width = answer.at("width"), area = height * width;
  const std::vector<int> planes = answer.at("pixels");
  std::vector<std::uint8_t> pixels(planes.size());
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t p = 0; p < area; ++p) pixels[p * channels + c] = static_cast<std::uint8_t>(planes[c * area + p]);
  }
  FloatImage image;
  read_pixels({pixels, 1, height, width, channels}, 0, image);
  return image;
}

std::vector<float> planes_of(const FloatImage& image) {
  std::vector<float> values;
  for (std::int64_t c = 0; c < image.channels; ++c) values.insert(values.end(), image.plane(c), image.plane(c) + image.area());
  return values;
}

Box box_in(const Json& answer) {
  const auto& box = answer.at("box");
  return {box[0], box[1], box[2], box[3]};
}

using Operation = std::function<FloatImage(FloatImage, const Json&)>;

Operation in_place(const std::function<void(FloatImage&, const Json&)>& operation) {
  return [operation](FloatImage image, const Json& answer) {
    operation(image, answer);
    return image;
  };
}

Operation to_another(const std::function<void(const FloatImage&, const Json&, FloatImage&)>& operation) {
  return [operation](const FloatImage& image, const Json& answer) {
    FloatImage out;
    operation(image, answer, out);
    return out;
  };
}

const std::map<std::string, Operation>& operations() {
  static const std::map<std::string, Operation> all = {
      {"flip", in_place([](FloatImage& image, const Json&) { flip_horizontally(image); })},
      {"crop", to_another([](const FloatImage& image, const Json& a, FloatImage& out) { crop_padded(image, a.at("padding"), a.at("top"), a.at("left"), out); })},
      {"brightness", in_place([](FloatImage& image, const Json& a) { adjust_brightness(image, a.at("factor")); })},
      {"contrast", in_place([](FloatImage& image, const Json& a) { adjust_contrast(image, a.at("factor")); })},
      {"saturation", in_place([](FloatImage& image, const Json& a) { adjust_saturation(image, a.at("factor")); })},
      {"hue", in_place([](FloatImage& image, const Json& a) { adjust_hue(image, a.at("factor")); })},
      {"luminance", in_place([](FloatImage& image, const Json&) { to_luminance(image); })},
      {"resized_crop", to_another([](const FloatImage& image, const Json& a, FloatImage& out) { resized_crop(image, box_in(a), out); })},
      {"blur", in_place([](FloatImage& image, const Json& a) {
         FloatImage scratch;
         gaussian_blur(image, a.at("x_radius"), a.at("y_radius"), a.at("sigma"), scratch);
       })},
      {"erase", in_place([](FloatImage& image, const Json& a) { erase_box(image, box_in(a)); })},
      {"rotate", to_another([](const FloatImage& image, const Json& a, FloatImage& out) { rotate_image(image, a.at("degrees"), out); })}};
  return all;
}

const Json& answers() {
  static const Json all = testing::golden_answer("torchvision_answers.json", "operations");
  return all;
}

TEST(Operations, AreThoseOfTorchvision) {
  std::map<std::string, int> checked;
  for (const Json& answer : answers()) {
    const std::string name = answer.at("operation");
    Json shown = answer;
    shown.erase("pixels");
    shown.erase("result");
    const std::vector<float> ours = planes_of(operations().at(name)(image_in(answer), answer)), theirs = answer.at("result");
    ASSERT_EQ(ours.size(), theirs.size()) << shown;
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 2e-6) << shown << " at " << i;
    ++checked[name];
  }
  for (const auto& [name, operation] : operations()) EXPECT_GE(checked[name], 4) << name;
}

// A larger image too, so that sums are long and rows are not whole vectors.
FloatImage large_image() {
  FloatImage image;
  image.reshape(61, 67, 3);
  RandomStream random(7, "image");
  for (float& value : image.values) value = static_cast<float>(random.uniform());
  return image;
}

TEST(Operations, HaveTheSameBytesWithEveryInstructionSet) {
  std::map<std::string, std::vector<float>> first;
  testing::for_each_simd_target([&](const std::string& target) {
    const auto compare = [&](const std::string& what, const FloatImage& image) {
      const auto [found, is_new] = first.emplace(what, planes_of(image));
      if (!is_new) {
        EXPECT_EQ(found->second, planes_of(image)) << what << ", " << target;
      }
    };
    for (std::size_t i = 0; i < answers().size(); ++i) {
      const Json& answer = answers()[i];
      compare(std::to_string(i), operations().at(answer.at("operation"))(image_in(answer), answer));
    }
    const Json params = {{"factor", 0.3}};
    for (const char* name : {"brightness", "contrast", "saturation", "hue", "luminance"}) compare(name, operations().at(name)(large_image(), params));
    FloatImage noisy = large_image();
    RandomStream random(1, "noise");
    add_noise(noisy, 0.1f, random);
    compare("noise", noisy);
  });
}

TEST(Operations, ContrastOfALargeImageIsAboutItsMean) {
  FloatImage image;
  image.reshape(700, 900, 1);
  std::fill(image.values.begin(), image.values.end(), 0.1f);
  std::fill(image.values.begin(), image.values.begin() + 350 * 900, 0.3f);
  adjust_contrast(image, 0);
  EXPECT_NEAR(image.plane(0)[0], 0.2, 1e-6);
}

// Moments of a normal distribution, about the middle of the range, and how much lies behind 1, 2 and 3 deviations.
TEST(Operations, NoiseIsNormal) {
  constexpr double sd = 0.1;
  FloatImage image;
  image.reshape(512, 512, 4);
  std::fill(image.values.begin(), image.values.end(), 0.5f);
  RandomStream random(3, "noise");
  add_noise(image, sd, random);
  const auto n = static_cast<double>(image.values.size());
  double sums[5] = {};
  int beyond[4] = {};
  double neighbors = 0;
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const double z = (image.values[i] - 0.5) / sd;
    for (int power = 1; power <= 4; ++power) sums[power] += std::pow(z, power) / n;
    for (int k = 1; k <= 3; ++k) beyond[k] += std::abs(z) > k;
    if (i > 0) neighbors += z * (image.values[i - 1] - 0.5) / sd / n;
  }
  EXPECT_NEAR(sums[1], 0, 4 / std::sqrt(n));
  EXPECT_NEAR(sums[2], 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(sums[3], 0, 4 * std::sqrt(15 / n));
  EXPECT_NEAR(sums[4], 3, 4 * std::sqrt(96 / n));
  EXPECT_NEAR(neighbors, 0, 4 / std::sqrt(n));
  const double expected[] = {1, 0.317310508, 0.045500264, 0.002699796};
  for (int k = 1; k <= 3; ++k) EXPECT_NEAR(beyond[k] / n, expected[k], 4 * std::sqrt(expected[k] / n)) << k;
}

TEST(Operations, NoiseStaysInRange) {
  FloatImage image = large_image();
  RandomStream random(5, "noise");
  add_noise(image, 3.0f, random);
  for (float value : image.values) ASSERT_TRUE(value >= 0 && value <= 1) << value;
}

TEST(Pixels, AnUnchangedImageIsWhatItsBytesSay) {
  for (const std::int64_t channels : {1, 2, 3, 4}) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(64 * channels));
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
    FloatImage image;
    read_pixels({bytes, 1, 8, 8, channels}, 0, image);
    std::vector<float> out(bytes.size());
    write_pixels(image, PixelRange::minus_one_to_one, out.data());
    for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(out[i], static_cast<float>(bytes[i]) / 127.5f - 1.0f) << i;
    write_pixels(image, PixelRange::zero_to_one, out.data());
    for (std::size_t i = 0; i < bytes.size(); ++i) ASSERT_EQ(out[i], static_cast<float>(bytes[i]) / 255.0f) << i;
  }
}

}  // namespace
}  // namespace latentgrid
