#include "reduce/line_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "base/error.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

constexpr std::size_t lines = LineTransform::lines;

std::vector<float> random_lines(const LineTransform& transform) {
  const MatrixRf values = random_points(static_cast<std::int64_t>(transform.size()), 1, transform.length());
  return {values.data(), values.data() + values.size()};
}

std::complex<double> value(const std::vector<float>& data, std::size_t element, std::size_t line) {
  return {data[element * 2 * lines + line], data[element * 2 * lines + lines + line]};
}

// The definition, in float64.
std::complex<double> term(const std::vector<float>& data, std::int64_t length, std::size_t k, std::size_t line, int sign) {
  std::complex<double> sum = 0;
  for (std::int64_t j = 0; j < length; ++j) {
    const double angle = sign * 2 * std::numbers::pi * static_cast<double>((static_cast<std::int64_t>(k) * j) % length) / static_cast<double>(length);
    sum += value(data, j, line) * std::polar(1.0, angle);
  }
  return sum;
}

std::vector<float> transformed(const LineTransform& transform, std::vector<float> data, bool backward) {
  std::vector<float> scratch(data.size());
  const float* out = backward ? transform.backward(data.data(), scratch.data()) : transform.forward(data.data(), scratch.data());
  return {out, out + data.size()};
}

}  // namespace

TEST(LineTransform, IsTheDefinitionInEveryRadix) {
  for (std::int64_t length : {1, 2, 3, 4, 5, 6, 8, 15, 16, 30, 60, 72, 128, 135, 250, 360}) {
    const LineTransform transform(length);
    const std::vector<float> data = random_lines(transform);
    for (bool backward : {false, true}) {
      const std::vector<float> out = transformed(transform, data, backward);
      for (std::int64_t k = 0; k < length; ++k) {
        for (std::size_t line : {0, 3, 7}) {
          const std::complex<double> expected = term(data, length, k, line, backward ? 1 : -1);
          EXPECT_LT(std::abs(value(out, k, line) - expected), 3e-6 * std::sqrt(static_cast<double>(length)) * 4)
              << "length " << length << ", frequency " << k << ", line " << line;
        }
      }
    }
  }
}

TEST(LineTransform, ThereAndBackIsTheLengthTimesTheLines) {
  for (std::int64_t length : {1, 12, 1000, 1280, 1620}) {
    const LineTransform transform(length);
    const std::vector<float> data = random_lines(transform);
    const std::vector<float> back = transformed(transform, transformed(transform, data, false), true);
    for (std::size_t i = 0; i < data.size(); ++i) EXPECT_NEAR(back[i] / static_cast<float>(length), data[i], 5e-6f);
  }
}

TEST(LineTransform, DoesNotDependOnTheInstructionSet) {
  const LineTransform transform(360);
  const std::vector<float> data = random_lines(transform), expected = transformed(transform, data, false);
  for_each_simd_target([&](const std::string&) { EXPECT_EQ(transformed(transform, data, false), expected); });
}

TEST(LineTransform, KnowsItsLengths) {
  EXPECT_EQ(LineTransform::fast_length(-3), 1);
  EXPECT_EQ(LineTransform::fast_length(7), 8);
  EXPECT_EQ(LineTransform::fast_length(97), 100);
  EXPECT_EQ(LineTransform::fast_length(1281), 1296);
  try {
    LineTransform(14);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a transform of length 14 cannot be had: only products of 2, 3 and 5");
  }
  EXPECT_THROW(LineTransform(0), Error);
}
