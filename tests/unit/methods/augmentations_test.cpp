// What an augmentation says of images that it can't change, or not so.
#include <gtest/gtest.h>

#include "methods/methods.hpp"

namespace latentgrid {
namespace {

std::vector<Problem> problems(const char* method, const Json& params, std::optional<ImageSize> image) {
  const MethodSpec& spec = *find_method(MethodKind::augmentation, method);
  return spec.problems_with(spec.complete(params), {.image = image});
}

TEST(Augmentations, HaveNoProblemWithTheirDefaultsAndColorImages) {
  for (const std::string& method : method_names(MethodKind::augmentation)) {
    EXPECT_TRUE(problems(method.c_str(), Json::object(), ImageSize{32, 32, 3}).empty()) << method;
    EXPECT_TRUE(problems(method.c_str(), Json::object(), std::nullopt).empty()) << method;
    EXPECT_TRUE(find_method(MethodKind::augmentation, method)->stochastic) << method;
  }
}

TEST(Augmentations, APaddingMustLeaveSomethingOfTheImage) {
  EXPECT_TRUE(problems("crop", {{"padding", 15}}, ImageSize{16, 32, 3}).empty());
  const std::vector<Problem> found = problems("crop", {{"padding", 16}}, ImageSize{16, 32, 3});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].message, "crop with padding 16 can leave nothing of an image of 16×32");
  EXPECT_EQ(found[0].hint, "write crop: {padding: 15}, or less");
  EXPECT_EQ(found[0].possible, 15);
  EXPECT_FALSE(found[0].warning);
  EXPECT_EQ(problems("crop", {{"padding", 1}}, ImageSize{1, 8, 3})[0].hint, "leave crop out");
}

TEST(Augmentations, ColorsOfGrayImagesAreAWarning) {
  const std::vector<Problem> of_jitter = problems("color_jitter", {{"hue", 0.0}}, ImageSize{8, 8, 1});
  ASSERT_EQ(of_jitter.size(), 1u);
  EXPECT_EQ(of_jitter[0].message, "color jitter leaves the saturation of images with 1 channel as it is");
  EXPECT_TRUE(of_jitter[0].warning);
  EXPECT_EQ(problems("color_jitter", Json::object(), ImageSize{8, 8, 1}).size(), 2u);
  const std::vector<Problem> of_grayscale = problems("grayscale", Json::object(), ImageSize{8, 8, 1});
  ASSERT_EQ(of_grayscale.size(), 1u);
  EXPECT_EQ(of_grayscale[0].message, "grayscale leaves images with 1 channel as they are");
  EXPECT_TRUE(of_grayscale[0].warning);
}

TEST(Augmentations, ARangeBeginsBeforeItEnds) {
  const std::vector<Problem> found = problems("random_resized_crop", {{"scale_min", 0.5}, {"scale_max", 0.3}, {"ratio_min", 2.0}}, std::nullopt);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].message, "scale_min must not be larger than scale_max in a random resized crop");
  EXPECT_EQ(found[0].or_parameter, "scale_max");
  EXPECT_EQ(found[1].parameter, "ratio_min");
  EXPECT_EQ(problems("blur", {{"sigma_min", 3.0}}, std::nullopt).size(), 1u);
  EXPECT_EQ(problems("erasing", {{"scale_min", 0.34}}, std::nullopt).size(), 1u);
}

}  // namespace
}  // namespace latentgrid
