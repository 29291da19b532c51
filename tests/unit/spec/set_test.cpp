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

TEST(Set, WhatSlurmIsAskedForIsSetInItsSection) {
  SpecOptions options;
  options.sets = {"slurm.memory=2G"};
  options.slurm = {"memory=4G", "train.gres=gpu:1"};
  SweepText s(sweep, options);
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->slurm.all.memory, "4G");
  EXPECT_EQ(s.sweep->slurm.of_stage.at("train").gres, "gpu:1");
  options.sets = {"slurm.cpus=many"};
  options.slurm = {"train.workers=x"};
  EXPECT_EQ(SweepText(sweep, options).said(),
            "--set slurm.cpus=many: error: cpus expects an integer of at least 1 and at most 10000, got 'many'\n"
            "--slurm train.workers=x: error: workers expects an integer of at least 1 and at most 100000, got 'x'\n");
}

// The seeds of each grid, as "1 2; 3".
std::string seeds_of(const std::string& sections, const std::string& option) {
  SweepText s("name: test\ndataset: {synthetic: {images: 100}}\n" + sections, set({option}));
  if (!s.sweep) return s.said();
  std::string text;
  for (const Grid& grid : s.sweep->grids) {
    if (!text.empty()) text += ";";
    for (const AxisGroup& group : grid.groups) {
      if (group.axes[0].name != "seeds") continue;
      for (const AxisValue& value : group.axes[0].values) text += (text.empty() ? "" : " ") + value.value.dump();
    }
  }
  return text;
}

TEST(Set, ReplacesTheSeedsWhereverTheFileHasThem) {
  for (const std::string option : {"seeds=[1, 2]", "grid.seeds=[1, 2]"}) {
    EXPECT_EQ(seeds_of("grid: {architecture: raw}\n", option), "1 2");
    EXPECT_EQ(seeds_of("grid: {architecture: raw, seeds: [0]}\n", option), "1 2");
    EXPECT_EQ(seeds_of("seeds: [0]\ngrid: {architecture: raw}\n", option), "1 2");
    EXPECT_EQ(seeds_of("grid: [{architecture: raw}, {architecture: AE1, seeds: 3}]\n", option), "1 2; 1 2");
    EXPECT_EQ(seeds_of("seeds: [0]\ngrid: [{architecture: raw}, {architecture: AE1}]\n", option), "1 2; 1 2");
  }
}

std::string said_of(const std::string& option) { return SweepText(sweep, set({option})).said(); }

TEST(Set, ValuesBetweenCommasNeedBrackets) {
  EXPECT_EQ(said_of("seeds=0,1"),
            "--set seeds=0,1: error: seeds expects an integer of at least 0, got '0,1'\n"
            "  hint: write [0,1] for several values\n");
  EXPECT_EQ(said_of("grid.latent_dim=8,16"),
            "--set grid.latent_dim=8,16: error: latent_dim expects an integer or native, got '8,16'\n"
            "  hint: write [8,16] for several values\n");
  EXPECT_EQ(said_of("grid.learning_rate=1e-3,1e-4"),
            "--set grid.learning_rate=1e-3,1e-4: error: learning_rate expects a number above 0, got '1e-3,1e-4'\n"
            "  hint: write [1e-3,1e-4] for several values\n");
  EXPECT_EQ(said_of("seeds=0,b"), "--set seeds=0,b: error: seeds expects an integer of at least 0, got '0,b'\n");
}

TEST(Set, AKeyOfAnotherPlaceIsSaidAsAnOption) {
  const std::pair<std::string, std::string> said[] = {
      {"epochs=3", "unknown key 'epochs'\n  hint: it belongs to train: write --set train.epochs=3"},
      {"lr=0.1", "unknown key 'lr'\n  hint: it is called learning_rate and belongs to train: write --set train.learning_rate=0.1"},
      {"limit=100", "unknown key 'limit'\n  hint: it belongs to dataset: write --set dataset.limit=100"},
      {"train.limit=100", "unknown key 'limit' in train\n  hint: it belongs to dataset: write --set dataset.limit=100"},
      {"train.seed=1", "unknown key 'seed' in train\n  hint: it is called seeds and belongs to grid: write --set seeds=1"},
      {"latent_dim=[4, 8]", "unknown key 'latent_dim'\n  hint: it belongs to grid: write --set 'grid.latent_dim=[4, 8]'"},
      {"k=5", "unknown key 'k'\n  hint: it belongs to kmeans: write --set 'grid.clustering={kmeans: {k: 5}}'"},
      {"grid.reduction.0.pca.random_state=1",
       "unknown key 'random_state' in pca\n  hint: the random numbers of all methods follow the seeds of the grid: write --set seeds=[1]"},
      {"train={limit: 3}", "unknown key 'limit' in train\n  hint: it belongs to dataset: write dataset: {limit: ...}"},
  };
  for (const auto& [option, message] : said) EXPECT_EQ(said_of(option), "--set " + option + ": error: " + message + "\n");
}

TEST(Set, AKeyOfAListOfGridsNeedsAnIndex) {
  SweepText s("name: test\ndataset: {synthetic: {images: 100}}\ngrid: [{architecture: raw}, {architecture: AE1}]\n",
              set({"grid.latent_dim=8"}));
  EXPECT_EQ(s.said(),
            "--set grid.latent_dim=8: error: 'latent_dim' is no index of this list: it has 2 values, counted from 0\n"
            "  hint: write --set grid.0.latent_dim=... for the first of them\n");
}

}  // namespace
}  // namespace latentgrid
