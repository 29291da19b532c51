#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/json.hpp"
#include "base/text_file.hpp"

namespace latentgrid {
namespace {

// tests/page/format_test.mjs reads the same list.
TEST(Decimal, HalvesAreRoundedAwayFromZeroByTheDigitsThatAReaderSees) {
  const Json cases = Json::parse(read_text_file(LATENTGRID_ROUNDED_NUMBERS));
  ASSERT_EQ(cases.size(), 26u);
  for (const Json& one : cases) {
    EXPECT_EQ(fixed(one.at("value").get<double>(), one.at("digits").get<int>()), one.at("text").get<std::string>()) << one;
  }
}

TEST(Decimal, WhatIsNoNumberHasItsName) {
  EXPECT_EQ(fixed(std::nan(""), 2), "nan");
  EXPECT_EQ(fixed(-std::numeric_limits<double>::infinity(), 2), "-inf");
  EXPECT_EQ(fixed(-0.0, 2), "0.00");
}

TEST(Decimal, ASignIsWrittenWhereItIsAskedFor) {
  EXPECT_EQ(fixed_with_sign(0.0285, 3), "+0.029");
  EXPECT_EQ(fixed_with_sign(-0.0285, 3), "-0.029");
  EXPECT_EQ(fixed_with_sign(0, 1), "+0.0");
}

TEST(Decimal, PercentMovesThePoint) {
  EXPECT_EQ(in_percent(0.7125), 71.25);
  EXPECT_NE(100 * 0.07, 7.0) << "the binary product has noise";
  EXPECT_EQ(in_percent(0.07), 7.0);
  EXPECT_EQ(in_percent(-0.57), -57.0);
  EXPECT_EQ(in_percent(0), 0.0);
  EXPECT_EQ(in_percent(1), 100.0);
  EXPECT_EQ(in_percent(1e-9), 1e-7);
  EXPECT_TRUE(std::isnan(in_percent(std::nan(""))));
  for (int right = 0; right <= 2000; ++right) {
    const double percent = in_percent(right / 2000.0);
    EXPECT_EQ(percent, right / 20.0);
  }
}

TEST(Decimal, ADifferenceOfDecimalNumbersIsOne) {
  EXPECT_NE(0.6325 - 0.604, 0.0285);
  EXPECT_EQ(decimal_difference(0.6325, 0.604), 0.0285);
  EXPECT_EQ(decimal_difference(71.25, 71.3), -0.05);
  EXPECT_EQ(decimal_difference(0.7, 0.7), 0.0);
  EXPECT_EQ(decimal_difference(0, 0), 0.0);
  EXPECT_EQ(decimal_difference(1e300, 0), 1e300);
  EXPECT_EQ(decimal_difference(2e-20, 1e-20), 1e-20);
}

}  // namespace
}  // namespace latentgrid
