#include "augment/augmentation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "base/key.hpp"
#include "methods/methods.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
namespace {

constexpr std::int64_t seed = 42;

// Random bytes of some images.
struct Images {
  Images(std::int64_t count, std::int64_t height, std::int64_t width, std::int64_t channels)
      : bytes(static_cast<std::size_t>(count * height * width * channels)), view{{}, count, height, width, channels} {
    RandomStream random(count, "images");
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    view.pixels = bytes;
  }
  std::size_t values() const { return static_cast<std::size_t>(view.height * view.width * view.channels); }
  std::vector<std::int64_t> all() const {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(view.count));
    std::iota(indices.begin(), indices.end(), 0);
    return indices;
  }

  std::vector<std::uint8_t> bytes;
  ImageView view;
};

// A step with its defaults but for `params`.
Json step(const std::string& method, const Json& params = Json::object()) {
  Json all = find_method(MethodKind::augmentation, method)->complete(params);
  all["method"] = method;
  return all;
}

Json every_step() {
  Json steps = Json::array();
  for (const std::string& method : method_names(MethodKind::augmentation)) steps.push_back(step(method));
  return steps;
}

std::vector<float> augmented(const Json& steps, const Images& images, const std::vector<std::int64_t>& indices, std::int64_t epoch = 0, int view = 0,
                             int threads = 1, PixelRange range = PixelRange::zero_to_one) {
  std::vector<float> out(indices.size() * images.values(), -9);
  Augmentation(steps, seed).apply(images.view, indices, epoch, view, range, out.data(), threads);
  return out;
}

// Of the images that `augmented` has made, each by itself.
std::vector<std::vector<float>> by_image(const std::vector<float>& all, std::size_t values) {
  std::vector<std::vector<float>> images;
  for (std::size_t i = 0; i < all.size(); i += values) images.emplace_back(all.begin() + i, all.begin() + i + values);
  return images;
}

TEST(Augmentation, DependsOnNeitherOrderNorBatchesNorThreads) {
  const Images images(70, 9, 11, 3);
  const Json steps = every_step();
  const std::vector<float> all = augmented(steps, images, images.all(), 3, 1);
  for (int threads : {2, 3, 8}) EXPECT_EQ(augmented(steps, images, images.all(), 3, 1, threads), all) << threads;
  const auto alone = by_image(all, images.values());
  std::vector<std::int64_t> shuffled = RandomStream(1).permutation(70);
  shuffled.push_back(shuffled.front());  // one twice
  const auto in_another_order = by_image(augmented(steps, images, shuffled, 3, 1, 2), images.values());
  for (std::size_t i = 0; i < shuffled.size(); ++i) EXPECT_EQ(in_another_order[i], alone[static_cast<std::size_t>(shuffled[i])]) << i;
  const Augmentation augmentation(steps, seed);
  for (std::size_t batch : {1u, 7u, 16u, 33u}) {
    std::vector<float> out(all.size());
    for (std::size_t begin = 0; begin < 70; begin += batch) {
      const std::vector<std::int64_t> indices = images.all();
      const std::size_t count = std::min(batch, 70 - begin);
      augmentation.apply(images.view, std::span(indices).subspan(begin, count), 3, 1, PixelRange::zero_to_one, out.data() + begin * images.values(), 2);
    }
    EXPECT_EQ(out, all) << batch;
  }
}

TEST(Augmentation, DiffersBetweenEpochsViewsImagesAndSeeds) {
  Images images(2, 8, 8, 3);
  std::copy_n(images.bytes.begin(), images.values(), images.bytes.begin() + static_cast<std::ptrdiff_t>(images.values()));  // twice the same image
  const Json steps = Json::array({step("noise")});
  const std::vector<float> one = augmented(steps, images, {0});
  EXPECT_EQ(augmented(steps, images, {0}), one);
  EXPECT_NE(augmented(steps, images, {1}), one);
  EXPECT_NE(augmented(steps, images, {0}, 1), one);
  EXPECT_NE(augmented(steps, images, {0}, 0, 1), one);
  EXPECT_NE(augmented(steps, images, {0}, 1), augmented(steps, images, {0}, 0, 1));
  std::vector<float> other(one.size());
  Augmentation(steps, seed + 1).apply(images.view, std::vector<std::int64_t>{0}, 0, 0, PixelRange::zero_to_one, other.data(), 1);
  EXPECT_NE(other, one);
}

// Erasing draws nothing where it does nothing, and up to 22 numbers where it does.
TEST(Augmentation, AStepDrawsTheSameWhateverStepsBeforeItDrew) {
  const Images images(40, 8, 8, 3);
  const auto results = [&](const Json& first, double p) {
    return by_image(augmented({first, step("horizontal_flip", {{"p", p}})}, images, images.all()), images.values());
  };
  // Which of the images are flipped.
  const auto flipped = [&](const Json& first) {
    const auto without = results(first, 0), with = results(first, 0.5);
    std::vector<bool> differ;
    for (std::size_t i = 0; i < with.size(); ++i) differ.push_back(with[i] != without[i]);
    return differ;
  };
  const std::vector<bool> behind_nothing = flipped(step("noise", {{"p", 0.0}}));
  EXPECT_GT(std::ranges::count(behind_nothing, true), 8);
  for (const char* first : {"erasing", "noise", "rotation"}) EXPECT_EQ(flipped(step(first)), behind_nothing) << first;
}

TEST(Augmentation, ChangesTheShareThatPSays) {
  constexpr int n = 10000;
  const Images images(n, 1, 8, 3);
  const auto plain = by_image(augmented(Json::array(), images, images.all()), images.values());
  for (const char* method : {"horizontal_flip", "grayscale", "noise", "color_jitter"}) {
    for (const double p : {0.0, 0.2, 0.5, 1.0}) {
      const auto changed = by_image(augmented(Json::array({step(method, {{"p", p}})}), images, images.all()), images.values());
      int count = 0;
      for (std::size_t i = 0; i < n; ++i) count += changed[i] != plain[i];
      EXPECT_NEAR(count, n * p, 3.3 * std::sqrt(n * p * (1 - p))) << method << ", p " << p;
    }
  }
}

TEST(Augmentation, ScalesToTheRangeOfTheModel) {
  const Images images(3, 5, 4, 3);
  const std::vector<float> narrow = augmented(every_step(), images, images.all());
  const std::vector<float> wide = augmented(every_step(), images, images.all(), 0, 0, 1, PixelRange::minus_one_to_one);
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    ASSERT_TRUE(narrow[i] >= 0 && narrow[i] <= 1) << narrow[i];
    ASSERT_EQ(wide[i], narrow[i] * 2 - 1);
  }
  const std::vector<float> unchanged = augmented(Json::array(), images, images.all(), 0, 0, 1, PixelRange::minus_one_to_one);
  for (std::size_t i = 0; i < unchanged.size(); ++i) ASSERT_EQ(unchanged[i], static_cast<float>(images.bytes[i]) / 127.5f - 1.0f);
}

TEST(Augmentation, NamesWhatThereIs) {
  try {
    Augmentation(Json::array({{{"method", "solarize"}, {"p", 1.0}}}), seed);
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("no augmentation is called 'solarize'; there are horizontal_flip, crop, ")) << error.what();
  }
}

// A white pixel in the middle of a black image shows where it was moved.
TEST(Augmentation, CropsToAnyPlaceEquallyOften) {
  constexpr int n = 9000, side = 5, middle = side / 2;
  Images images(n, side, side, 1);
  std::ranges::fill(images.bytes, 0);
  for (int i = 0; i < n; ++i) images.bytes[static_cast<std::size_t>(i * side * side + middle * side + middle)] = 255;
  std::map<std::ptrdiff_t, int> places;
  for (const std::vector<float>& image : by_image(augmented(Json::array({step("crop", {{"padding", 1}})}), images, images.all()), images.values())) {
    ++places[std::ranges::find(image, 1.0f) - image.begin()];
  }
  ASSERT_EQ(places.size(), 9u);
  double chi_squared = 0;
  for (const auto& [place, count] : places) {
    EXPECT_TRUE(std::abs(place / side - middle) <= 1 && std::abs(place % side - middle) <= 1) << place;
    chi_squared += std::pow(count - n / 9, 2) / (n / 9.0);
  }
  EXPECT_LT(chi_squared, 26.1) << "8 degrees of freedom, once in a thousand";
}

// Every image stays in range, also where there is hardly an image, and nothing is written beside it.
TEST(Augmentation, TakesImagesOfAnySize) {
  Json steps = every_step();
  for (Json& one : steps) {
    if (one.contains("p")) one["p"] = 1.0;
  }
  steps.push_back(step("crop", {{"padding", 1000}}));
  steps.push_back(step("blur", {{"sigma_min", 50.0}, {"sigma_max", 100.0}, {"p", 1.0}}));
  steps.push_back(step("rotation", {{"degrees", 180.0}}));
  for (const auto& [height, width] : {std::pair(1, 1), std::pair(1, 7), std::pair(7, 1), std::pair(2, 3), std::pair(5, 64), std::pair(33, 17)}) {
    for (const int channels : {1, 2, 3, 4}) {
      const Images images(4, height, width, channels);
      for (const Json& one : steps) {
        for (float value : augmented(Json::array({one}), images, images.all())) ASSERT_TRUE(value >= 0 && value <= 1) << one << value;
      }
      std::vector<float> out(3 * images.values(), 7);
      Augmentation(steps, seed).apply(images.view, std::vector<std::int64_t>{2}, 0, 0, PixelRange::zero_to_one, out.data() + images.values(), 4);
      for (std::size_t i = 0; i < images.values(); ++i) {
        ASSERT_EQ(out[i], 7);
        ASSERT_EQ(out[2 * images.values() + i], 7);
      }
    }
  }
  const Images images(2, 4, 4, 3);
  EXPECT_TRUE(augmented(steps, images, {}).empty());
  Augmentation(steps, seed).apply(images.view, {}, 0, 0, PixelRange::zero_to_one, nullptr, 3);
}

TEST(Augmentation, OfGrayImagesLeavesColorsAlone) {
  const Images images(6, 8, 8, 1);
  const std::vector<float> plain = augmented(Json::array(), images, images.all());
  EXPECT_EQ(augmented(Json::array({step("grayscale", {{"p", 1.0}})}), images, images.all()), plain);
  const Json hue_alone = {{"brightness", 0.0}, {"contrast", 0.0}, {"saturation", 0.9}, {"hue", 0.5}, {"p", 1.0}};
  EXPECT_EQ(augmented(Json::array({step("color_jitter", hue_alone)}), images, images.all()), plain);
}

// Any combination of parameters within their bounds, on images of any size. Sanitizers look on.
TEST(Augmentation, TakesAnyParametersWithinTheirBounds) {
  RandomStream random(2026, "parameters");
  for (int i = 0; i < 400; ++i) {
    Json steps = Json::array();
    for (int count = static_cast<int>(random.below(5)); count >= 0; --count) {
      const std::vector<std::string> methods = method_names(MethodKind::augmentation);
      const MethodSpec& method = *find_method(MethodKind::augmentation, methods[random.below(methods.size())]);
      Json params = Json::object();
      for (const ParamSpec& param : method.params) {
        if (param.type == ParamType::integer) {
          params[param.name] = static_cast<std::int64_t>(*param.minimum) + static_cast<std::int64_t>(random.below(20));
          continue;
        }
        if (!param.maximum && random.below(10) == 0) {
          params[param.name] = random.below(2) == 0 ? 1e300 : 1e-300;
          continue;
        }
        const double low = param.exclusive_minimum ? *param.minimum + 1e-3 : *param.minimum, high = param.maximum.value_or(low + 5);
        const double at = std::min(1.0, 1.5 * random.uniform());  // often the upper bound
        params[param.name] = low + at * (high - low);
        ASSERT_EQ(check_value(param, params[param.name]), "") << method.name << "." << param.name;
      }
      if (!method.problems_with(params, {}).empty()) continue;
      steps.push_back(step(method.name, params));
    }
    const auto side = [&] { return static_cast<std::int64_t>(1 + random.below(20)); };
    const Images images(3, side(), side(), 1 + static_cast<std::int64_t>(random.below(4)));
    for (float value : augmented(steps, images, images.all(), i)) ASSERT_TRUE(value >= 0 && value <= 1) << steps.dump() << value;
  }
}

// Equal numbers on every machine and with every instruction set. Raise the version of a method whose digest changes.
TEST(Augmentation, HasTheseBytes) {
  const Images images(20, 12, 10, 3);
  const auto digests = [&] {
    std::vector<std::pair<std::string, std::string>> found;
    for (const std::string& method : method_names(MethodKind::augmentation)) {
      const std::vector<float> out = augmented(Json::array({step(method)}), images, images.all());
      found.emplace_back(method, sha256_hex({reinterpret_cast<const char*>(out.data()), out.size() * sizeof(float)}).substr(0, 16));
    }
    return found;
  };
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"horizontal_flip", "013b78bd8d2ee154"}, {"crop", "2fcf5755ac2a079b"}, {"random_resized_crop", "d2727832068597cc"}, {"color_jitter", "523f34f1a1f70f58"},
      {"grayscale", "7edcc0cce994ee1c"}, {"blur", "2e345acbd470bce0"}, {"erasing", "4d4b88acc8843030"}, {"noise", "05f594199deb10b1"},
      {"rotation", "dfa1f8290011656c"}};
  testing::for_each_simd_target([&](const std::string& target) { EXPECT_EQ(digests(), expected) << target; });
}

}  // namespace
}  // namespace latentgrid
