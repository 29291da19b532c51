#include "augment/elementary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace latentgrid {
namespace {

TEST(Elementary, ExpAndLogAgreeWithTheLibraryToAFewUlp) {
  for (double x = -700; x <= 700; x += 0.37) EXPECT_NEAR(exp_of(x) / std::exp(x), 1, 2e-15) << x;
  for (double x = -2; x <= 2; x += 0.001) EXPECT_NEAR(exp_of(x) / std::exp(x), 1, 1e-15) << x;
  for (double x = 5e-324; x < 1e300; x *= 1.7) EXPECT_NEAR(log_of(x), std::log(x), 1e-15 * std::max(1.0, std::abs(std::log(x)))) << x;
  for (double x = 0.5; x <= 2; x += 0.001) EXPECT_NEAR(log_of(x), std::log(x), 5e-16) << x;
  EXPECT_EQ(exp_of(0), 1);
  EXPECT_EQ(log_of(1), 0);
}

TEST(Elementary, SineAndCosineOfDegrees) {
  for (double degrees = -720; degrees <= 720; degrees += 0.7) {
    const auto [sine, cosine] = sine_and_cosine(degrees);
    EXPECT_NEAR(sine, std::sin(degrees * std::numbers::pi / 180), 4e-15) << degrees;
    EXPECT_NEAR(cosine, std::cos(degrees * std::numbers::pi / 180), 4e-15) << degrees;
  }
  EXPECT_EQ(sine_and_cosine(90).sine, 1);
  EXPECT_EQ(sine_and_cosine(90).cosine, 0);
  EXPECT_EQ(sine_and_cosine(-180).cosine, -1);
}

}  // namespace
}  // namespace latentgrid
