#include "space/garbage.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

using Kind = Garbage::Kind;

// Two trainings of three and one checkpoint, of which the sweep "now" needs 5, 10 and 20 of "a"; "b" belongs to an earlier
// revision, "c" to nobody.
struct GarbageTest : ::testing::Test {
  Inventory inventory;
  Needs needs;
  GarbageOptions options;

  void SetUp() override {
    for (const std::int64_t epochs : {5, 10, 20}) {
      add("train", "a", epochs, 100, 60);
      need("train", "a", epochs).latest.insert("now");
    }
    add("train", "b", 5, 100, 0);
    need("train", "b", 5).older = true;
    add("score", "c", 0, 7, 0);
    add("neighbors", "n", 90, 30, 0);
    needs.families[{"neighbors", "n"}].latest.insert("now");
  }
  void add(const std::string& stage, const std::string& key, std::int64_t extent, std::int64_t bytes,
           std::int64_t optimizer) {
    inventory.artifacts.push_back({stage, {key, extent}, bytes, optimizer});
  }
  Need& need(const std::string& stage, const std::string& key, std::int64_t extent) {
    return needs.artifacts[{stage, key, extent}];
  }
  // "stage key extent bytes" of what is of this kind.
  std::vector<std::string> of(Kind kind) const {
    std::vector<std::string> found;
    for (const Garbage::Item& item : find_garbage(inventory, needs, options).items) {
      if (item.kind != kind) continue;
      found.push_back(item.stage + " " + item.id.key + " " + std::to_string(item.id.extent) + " " +
                      std::to_string(item.bytes));
    }
    return found;
  }
  std::size_t all() const { return find_garbage(inventory, needs, options).items.size(); }
};

using List = std::vector<std::string>;

TEST_F(GarbageTest, UnlessMoreIsAskedForOnlyWhatNoRevisionNeedsGoes) {
  EXPECT_EQ(of(Kind::unneeded), (List{"score c 0 7"}));
  EXPECT_EQ(all(), 1u);
  inventory.temporaries = 2;
  inventory.temporary_bytes = 5;
  EXPECT_EQ(find_garbage(inventory, needs, options).bytes(), 12);
}

TEST_F(GarbageTest, WhatEarlierRevisionsAloneNeedGoesIfAskedFor) {
  options.older_revisions = true;
  EXPECT_EQ(of(Kind::older_revision), (List{"train b 5 100"}));
  need("train", "b", 5).latest.insert("another");
  EXPECT_EQ(of(Kind::older_revision), List());
}

TEST_F(GarbageTest, OfCheckpointsTheLastAndThoseAskedForAgainStay) {
  options.checkpoints = true;
  EXPECT_EQ(of(Kind::checkpoint), (List{"train a 5 100", "train a 10 100"}));
  needs.checkpoints.insert({"a", 10});
  EXPECT_EQ(of(Kind::checkpoint), (List{"train a 5 100"}));
  add("train", "a", 40, 100, 0);
  EXPECT_EQ(of(Kind::checkpoint), (List{"train a 5 100"})) << "one that nobody needs is not the last";
  EXPECT_EQ(of(Kind::unneeded), (List{"score c 0 7", "train a 40 100"}));
}

TEST_F(GarbageTest, OptimizerStateGoesFromWhatStays) {
  options.optimizer = true;
  EXPECT_EQ(of(Kind::optimizer), (List{"train a 5 60", "train a 10 60", "train a 20 60"}));
  options.checkpoints = true;
  EXPECT_EQ(of(Kind::optimizer), (List{"train a 20 60"})) << "the others go whole";
}

TEST_F(GarbageTest, NeighborsStayWithTheirPointsUnlessTheyAreToGo) {
  options.neighbors = true;
  EXPECT_EQ(of(Kind::neighbors), (List{"neighbors n 90 30"}));
  needs.families.clear();
  EXPECT_EQ(of(Kind::unneeded), (List{"score c 0 7", "neighbors n 90 30"}));
  EXPECT_EQ(of(Kind::neighbors), List());
}

TEST_F(GarbageTest, ARollingCheckpointStaysWhileItsFamilyIsNotComplete) {
  inventory.partials = {{"a", 11}, {"d", 12}};
  EXPECT_EQ(of(Kind::partial), (List{" a 0 11", " d 0 12"}));
  need("train", "a", 40).latest.insert("now");
  EXPECT_EQ(of(Kind::partial), (List{" d 0 12"})) << "40 epochs are awaited";
  need("reduce", "d", 1000).older = true;
  EXPECT_EQ(of(Kind::partial), List());
  options.older_revisions = true;
  EXPECT_EQ(of(Kind::partial), (List{" d 0 12"}));
}

}  // namespace
}  // namespace latentgrid
