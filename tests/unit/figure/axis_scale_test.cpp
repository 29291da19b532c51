#include "figure/axis_scale.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace latentgrid {
namespace {

AxisScale scale_of(const FigureAxis& axis, const std::vector<double>& values) {
  ValueRange range(axis);
  for (double value : values) range.add(value);
  return AxisScale(axis, range);
}

std::vector<std::string> labels(const std::vector<AxisTick>& ticks) {
  std::vector<std::string> out;
  for (const AxisTick& tick : ticks) out.push_back(tick.label);
  return out;
}

using Labels = std::vector<std::string>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

TEST(AxisScale, NoTickLiesBeyondWhatCanBePlaced) {
  AxisScale scale = scale_of({}, {0, 1e308});
  scale.widen(4e300, 0);
  std::vector<double> places;
  for (const AxisTick& tick : scale.ticks(8)) places.push_back(scale.place(tick.value));
  EXPECT_GT(places.size(), 1u);
  EXPECT_EQ(std::set<double>(places.begin(), places.end()).size(), places.size()) << "none lies upon another";
}

TEST(AxisScale, LeavesAMarginAroundTheValues) {
  AxisScale scale = scale_of({}, {0, 100});
  EXPECT_NEAR(scale.place(0), 0.04 / 1.08, 1e-12);
  EXPECT_NEAR(scale.place(100), 1.04 / 1.08, 1e-12);
  EXPECT_NEAR(scale.place(50), 0.5, 1e-12);
}

TEST(AxisScale, TicksAreRoundAndTellNeighboursApart) {
  EXPECT_EQ(labels(scale_of({}, {0, 100}).ticks(5)), (Labels{"0", "20", "40", "60", "80", "100"}));
  EXPECT_EQ(labels(scale_of({}, {0.61, 0.69}).ticks(4)), (Labels{"0.62", "0.64", "0.66", "0.68"}));
  EXPECT_EQ(labels(scale_of({}, {-0.1, 0.1}).ticks(4)), (Labels{"-0.10", "-0.05", "0", "0.05", "0.10"}));
  EXPECT_EQ(labels(scale_of({}, {0, 3e7}).ticks(3)), (Labels{"0", "1e7", "2e7", "3e7"}));
}

TEST(AxisScale, IntegersHaveNoTicksBetweenThem) {
  EXPECT_EQ(labels(scale_of({}, {1, 2, 3}).ticks(10)), (Labels{"1", "2", "3"}));
}

TEST(AxisScale, LogarithmicAxesCountInPowersOfTen) {
  FigureAxis log{.log = true};
  EXPECT_EQ(labels(scale_of(log, {1e-6, 1.5}).ticks(7)), (Labels{"10⁻⁶", "10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"}));
  EXPECT_EQ(labels(scale_of(log, {0.015, 0.22}).ticks(5)), (Labels{"0.02", "0.05", "0.1", "0.2"}));
  AxisScale scale = scale_of(log, {0.1, 10});
  EXPECT_NEAR(scale.place(1), 0.5, 1e-12);
  EXPECT_FALSE(scale.can_place(0));
  EXPECT_FALSE(scale.can_place(-1));
}

TEST(AxisScale, FewIntegersOnALogarithmicAxisAreItsTicks) {
  FigureAxis log{.log = true};
  EXPECT_EQ(labels(scale_of(log, {2, 8, 32, 128}).ticks(6)), (Labels{"2", "8", "32", "128"}));
  EXPECT_EQ(labels(scale_of({}, {5, 20, 5, 10}).value_ticks()), (Labels{"5", "10", "20"}));
  EXPECT_EQ(labels(scale_of(log, {1e-5, 0.0003}).value_ticks()), (Labels{"1e-5", "0.0003"}));
}

TEST(AxisScale, FewIntegersFarApartAreTheTicksOfALinearAxis) {
  EXPECT_EQ(labels(scale_of({}, {2, 16, 8}).ticks(3)), (Labels{"2", "8", "16"}));
  EXPECT_EQ(labels(scale_of({}, {2, 5}).ticks(2)), (Labels{"2", "5"}));
  EXPECT_EQ(labels(scale_of({}, {1, 2, 16}).ticks(3)), (Labels{"5", "10", "15"})) << "1 and 2 would touch";
}

TEST(AxisScale, CategoriesLieAtTheirNumbers) {
  FigureAxis axis{.categories = {"a", "b", "c", "d"}};
  AxisScale scale = scale_of(axis, {0, 1});
  EXPECT_EQ(labels(scale.ticks(2)), axis.categories);
  EXPECT_NEAR(scale.place(0), 0.125, 1e-12);
  EXPECT_NEAR(scale.place(3), 0.875, 1e-12);
}

TEST(AxisScale, AnAxisWithoutUnitsHasNoTicks) {
  EXPECT_TRUE(scale_of({.without_units = true}, {0, 1}).ticks(5).empty());
}

TEST(AxisScale, WhatCannotBePlacedDoesNotCount) {
  AxisScale scale = scale_of({}, {nan, 0, infinity, 100, -infinity});
  EXPECT_NEAR(scale.place(50), 0.5, 1e-12);
  EXPECT_FALSE(scale.can_place(nan));
  EXPECT_FALSE(scale.can_place(infinity));
}

TEST(AxisScale, ThereIsAnAxisForAnyValues) {
  for (bool log : {false, true}) {
    for (const std::vector<double>& values : std::vector<std::vector<double>>{{},
                                                                              {0},
                                                                              {7},
                                                                              {-3, -3},
                                                                              {1e-300},
                                                                              {nan},
                                                                              {-1.7e308, 1.7e308},
                                                                              {1, 1 + 1e-15},
                                                                              {1e15, 1e15 + 1},
                                                                              {5e-324, 1.7e308}}) {
      AxisScale scale = scale_of({.log = log}, values);
      EXPECT_GT(scale.length(), 0);
      for (double value : values) {
        if (!scale.can_place(value)) continue;
        EXPECT_GE(scale.place(value), 0) << value;
        EXPECT_LE(scale.place(value), 1) << value;
      }
      EXPECT_LT(scale.ticks(6).size(), 40u);
    }
  }
}

TEST(AxisScale, WidensAboutAPlace) {
  AxisScale scale = scale_of({}, {0, 100});
  scale.widen(1000);
  EXPECT_NEAR(scale.place(50), 0.5, 1e-12);
  EXPECT_NEAR(scale.place(550), 1, 1e-12);
}

}  // namespace
}  // namespace latentgrid
