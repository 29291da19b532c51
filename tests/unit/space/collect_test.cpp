#include "space/collect.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/key.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;
using Kind = Garbage::Kind;

struct Collect : ::testing::Test {
  testing::TemporaryFolder folder;
  ArtifactStore store{folder.path()};
  std::string key = sha256_hex("a");

  void publish(std::int64_t extent) {
    const fs::path staged = store.new_staging_folder();
    fs::create_directories(staged / "optimizer");
    write_file(staged / "model.json", "{}");
    write_file(staged / "optimizer" / "steps.npy", "12345");
    store.publish(staged, "train", {key, extent}, {{"metrics", {{"train_loss", 0.5}}}}, "stage = text train\n");
  }
  void remove(Kind kind, std::int64_t extent) { collect({{{kind, "train", {key, extent}, 0}}}, store); }
};

TEST_F(Collect, AnArtifactGoesWholeAndItsFamilyWithTheLast) {
  publish(5);
  publish(20);
  EXPECT_EQ(collections(store), "");
  remove(Kind::checkpoint, 5);
  EXPECT_FALSE(store.exists("train", {key, 5}));
  EXPECT_TRUE(store.exists("train", {key, 20}));
  EXPECT_TRUE(fs::exists(store.transcript("train", key)));
  EXPECT_NE(collections(store), "");
  remove(Kind::unneeded, 20);
  EXPECT_FALSE(fs::exists(store.stage_folder("train") / key.substr(0, 2)));
  EXPECT_FALSE(fs::exists(folder.path() / "tmp"));
  remove(Kind::unneeded, 20);  // again: it is gone already
}

TEST_F(Collect, WithoutItsOptimizerACheckpointIsWholeStill) {
  publish(5);
  remove(Kind::optimizer, 5);
  EXPECT_EQ(store.damage("train", {key, 5}), std::nullopt);
  EXPECT_FALSE(fs::exists(store.folder("train", {key, 5}) / "optimizer"));
  EXPECT_EQ(store.read_record("train", {key, 5})["files"], (Json{{"model.json", 2}}));
  EXPECT_EQ(store.read_record("train", {key, 5})["metrics"]["train_loss"], 0.5);
}

TEST_F(Collect, UnfinishedWorkAndTemporaryFilesGo) {
  fs::create_directories(store.partial(key));
  write_file(store.partial(key) / "seal", "x");
  fs::create_directories(folder.path() / "tmp" / "1.0");
  Garbage garbage{{{Kind::partial, "", {key, 0}, 1}}, 1, 0};
  collect(garbage, store);
  EXPECT_FALSE(fs::exists(store.partial(key)));
  EXPECT_FALSE(fs::exists(folder.path() / "tmp"));
}

}  // namespace
}  // namespace latentgrid
