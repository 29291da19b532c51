// What is drawn has the distributions of torchvision's transforms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "augment/blur.hpp"
#include "augment/color_jitter.hpp"
#include "augment/erasing.hpp"
#include "augment/random_resized_crop.hpp"

namespace latentgrid {
namespace {

BoxSizes sizes(double scale_min, double scale_max, double ratio_min, double ratio_max) {
  return BoxSizes({{"scale_min", scale_min}, {"scale_max", scale_max}, {"ratio_min", ratio_min}, {"ratio_max", ratio_max}});
}

// Largest distance of the samples' distribution from the uniform one on [low, high]; times the root of their number it is above
// 1.95 once in a thousand times.
double kolmogorov(std::vector<double> samples, double low, double high) {
  std::ranges::sort(samples);
  double largest = 0;
  const auto n = static_cast<double>(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double expected = (samples[i] - low) / (high - low), at = static_cast<double>(i);
    largest = std::max({largest, expected - at / n, (at + 1) / n - expected});
  }
  return largest * std::sqrt(n);
}

// In a large image, where every draw of these fits and rounding is small.
TEST(Draws, AreasOfCropsAreUniformAndSoAreLogarithmsOfTheirRatios) {
  const BoxSizes some = sizes(0.2, 0.7, 0.75, 1.333);
  std::vector<double> areas, ratios;
  for (int i = 0; i < 20000; ++i) {
    RandomStream random(i, "crop");
    const Box box = draw_crop(some, 20000, 20000, random);
    areas.push_back(static_cast<double>(box.height * box.width) / 4e8);
    ratios.push_back(std::log(static_cast<double>(box.width) / static_cast<double>(box.height)));
  }
  EXPECT_LT(kolmogorov(areas, 0.2, 0.7), 1.95);
  EXPECT_LT(kolmogorov(ratios, std::log(0.75), std::log(1.333)), 1.95);
}

TEST(Draws, CropsLieAnywhereInTheImageAndFit) {
  const BoxSizes some = sizes(0.25, 0.25, 1, 1);
  std::map<std::int64_t, int> tops, lefts;
  for (int i = 0; i < 9000; ++i) {
    RandomStream random(i, "place");
    const Box box = draw_crop(some, 16, 16, random);
    ASSERT_EQ(box.height, 8);
    ASSERT_EQ(box.width, 8);
    ++tops[box.top];
    ++lefts[box.left];
  }
  for (const auto& counts : {tops, lefts}) {
    ASSERT_EQ(counts.size(), 9u);
    double chi_squared = 0;
    for (const auto& [at, count] : counts) chi_squared += std::pow(count - 1000, 2) / 1000;
    EXPECT_LT(chi_squared, 26.1) << "8 degrees of freedom, once in a thousand";
  }
  const BoxSizes wide = sizes(0.08, 1, 0.5, 2);
  for (int i = 0; i < 5000; ++i) {
    RandomStream random(i, "fit");
    const Box box = draw_crop(wide, 7, 11, random);
    ASSERT_TRUE(box.top >= 0 && box.left >= 0 && box.height > 0 && box.width > 0 && box.top + box.height <= 7 && box.left + box.width <= 11);
  }
}

// Ten draws in vain: torchvision's central crop.
TEST(Draws, ACropThatFitsNowhereIsTheLargestInTheMiddle) {
  RandomStream random(1, "crop");
  EXPECT_EQ(draw_crop(sizes(1, 1, 2, 2), 8, 8, random), (Box{2, 0, 4, 8}));
  EXPECT_EQ(draw_crop(sizes(1, 1, 0.5, 0.5), 8, 8, random), (Box{0, 2, 8, 4}));
  EXPECT_EQ(draw_crop(sizes(1, 1, 0.75, 1.333), 8, 32, random), (Box{0, 10, 8, 11}));
  EXPECT_EQ(draw_crop(sizes(1, 1, 2, 2), 5, 5, random), (Box{1, 0, 2, 5})) << "2.5 is rounded to 2, as Python does";
  EXPECT_EQ(draw_crop(sizes(1, 1, 3, 3), 1, 1, random), (Box{0, 0, 1, 1}));
}

TEST(Draws, ErasedBoxesAreSmallerThanTheImage) {
  const BoxSizes some = sizes(0.02, 0.33, 0.3, 3.3);
  std::vector<double> areas, ratios;
  for (int i = 0; i < 20000; ++i) {
    RandomStream random(i, "erase");
    const auto box = draw_erased_box(some, 20000, 20000, random);
    ASSERT_TRUE(box);
    areas.push_back(static_cast<double>(box->height * box->width) / 4e8);
    ratios.push_back(std::log(static_cast<double>(box->height) / static_cast<double>(box->width)));
  }
  // A third of an area at a ratio of 3.3 has a side of more than the image: such draws are made anew.
  const double most = 1 / 3.3;
  std::erase_if(areas, [&](double area) { return area > most; });
  EXPECT_LT(kolmogorov(areas, 0.02, most), 1.95);
  EXPECT_LT(std::abs(std::accumulate(ratios.begin(), ratios.end(), 0.0) / 20000), 0.02);
  for (int i = 0; i < 100; ++i) {
    RandomStream random(i, "erase");
    EXPECT_FALSE(draw_erased_box(sizes(1, 1, 1, 1), 8, 8, random)) << "as large as the image";
    EXPECT_FALSE(draw_erased_box(sizes(0.5, 1, 1, 1), 1, 1, random));
    const auto box = draw_erased_box(some, 3, 5, random);
    if (box) {
      EXPECT_TRUE(box->height < 3 && box->width < 5 && box->top + box->height <= 3 && box->left + box->width <= 5);
    }
  }
}

TEST(Draws, ColorsChangeInEveryOrderByUniformFactors) {
  const ColorRanges ranges({{"brightness", 0.4}, {"contrast", 1.5}, {"saturation", 0.2}, {"hue", 0.1}});
  std::map<std::vector<ColorChange>, int> orders;
  std::map<ColorChange, std::vector<double>> factors;
  constexpr int n = 24000;
  for (int i = 0; i < n; ++i) {
    RandomStream random(i, "colors");
    std::vector<ColorChange> order;
    for (const auto& [change, factor] : draw_color_factors(ranges, random)) {
      order.push_back(change);
      factors[change].push_back(factor);
    }
    ++orders[order];
  }
  EXPECT_EQ(orders.size(), 24u);
  double chi_squared = 0;
  for (const auto& [order, count] : orders) chi_squared += std::pow(count - n / 24, 2) / (n / 24.0);
  EXPECT_LT(chi_squared, 49.7) << "23 degrees of freedom, once in a thousand";
  EXPECT_LT(kolmogorov(factors[ColorChange::brightness], 0.6, 1.4), 1.95);
  EXPECT_LT(kolmogorov(factors[ColorChange::contrast], 0, 2.5), 1.95) << "from 0 on, not from -0.5";
  EXPECT_LT(kolmogorov(factors[ColorChange::saturation], 0.8, 1.2), 1.95);
  EXPECT_LT(kolmogorov(factors[ColorChange::hue], -0.1, 0.1), 1.95);
}

TEST(Draws, ABlurReachesThreeSigmasOrToTheEdge) {
  EXPECT_EQ(blur_radius(0.1, 32), 1);
  EXPECT_EQ(blur_radius(2, 32), 6);
  EXPECT_EQ(blur_radius(2, 5), 4);
  EXPECT_EQ(blur_radius(2, 1), 0);
  EXPECT_EQ(blur_radius(1e300, 32), 31);
}

}  // namespace
}  // namespace latentgrid
