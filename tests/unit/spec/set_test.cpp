// --set path=value
#include <gtest/gtest.h>

#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

using testing::SweepText;

const char* const sweep = R"(name: test
dataset: {synthetic: {images: 100}}
grid:
  architecture: {AE1: {epochs: 20}}
  reduction: [pca: {dim: 8}, none]
)";

SpecOptions set(std::vector<std::string> sets) {
  return {std::move(sets), std::nullopt};
}

TEST(Set, ReplacesAValue) {
  SweepText s(sweep, set({"grid.architecture.AE1.epochs=5", "dataset.synthetic.images=50"}));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->grids[0].groups[0].axes[0].values[0].axes[0].values[0].value, 5);
  EXPECT_EQ(s.sweep->dataset.synthetic->images, 50);
}

TEST(Set, MakesWhatIsMissing) {
  SweepText s(sweep, set({"train.batch_size=64"}));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->train.at("batch_size").value, 64);
}

TEST(Set, TakesListsAndIndexes) {
  SweepText s(sweep, set({"grid.seeds=[0, 1, 2]", "grid.reduction.0.pca.dim=[4, 8]"}));
  ASSERT_TRUE(s.sweep) << s.said();
  const Grid& grid = s.sweep->grids[0];
  EXPECT_EQ(grid.groups[2].axes[0].values.size(), 3u);
  EXPECT_EQ(grid.groups[1].axes[0].values[0].methods[0].params[0].values.size(), 2u);
}

TEST(Set, LaterOptionsWin) {
  SweepText s(sweep, set({"train.batch_size=64", "train.batch_size=32"}));
  ASSERT_TRUE(s.sweep);
  EXPECT_EQ(s.sweep->train.at("batch_size").value, 32);
}

TEST(Set, WhatIsWrongIsSaidUnderTheOptionsName) {
  SweepText s(sweep, set({"train.epoch=5", "train.batch_size=big", "train", "grid.reduction.7=none", "name.first=x",
                          "train..x=1"}));
  EXPECT_FALSE(s.sweep);
  EXPECT_EQ(s.said(),
            "--set grid.reduction.7=none: error: '7' is no index of this list: it has 2 values, counted from 0\n"
            "--set name.first=x: error: 'first' goes below 'test', which is a single value\n"
            "--set train: error: expects path=value\n"
            "  hint: for example --set train.epochs=5\n"
            "--set train..x=1: error: an empty name in the path\n"
            "--set train.batch_size=big: error: batch_size expects an integer of at least 1, got 'big'\n"
            "--set train.epoch=5: error: unknown key 'epoch' in train\n"
            "  hint: did you mean 'epochs'?\n");
}

}  // namespace
}  // namespace latentgrid
