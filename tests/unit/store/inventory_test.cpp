#include "store/inventory.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/key.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

TEST(Inventory, CountsTheBytesOfEveryArtifactAndOfWhatLiesBeside) {
  testing::TemporaryFolder folder;
  const ArtifactStore store(folder.path());
  EXPECT_TRUE(take_inventory(store).artifacts.empty());
  const std::string key = sha256_hex("a");
  auto put = [&](const fs::path& file, std::size_t bytes) {
    fs::create_directories(file.parent_path());
    write_file(file, std::string(bytes, 'x'));
  };
  for (const std::int64_t extent : {20, 5}) {
    put(store.folder("train", {key, extent}) / "task.json", 7);
    put(store.folder("train", {key, extent}) / "optimizer" / "steps.npy", static_cast<std::size_t>(extent));
  }
  put(store.transcript("train", key), 1000);
  put(store.folder("load", {key, 0}) / "images.npy", 3);
  put(store.partial(key) / "optimizer" / "steps.npy", 11);
  put(folder.path() / "tmp" / "7.0" / "a" / "b", 13);
  put(store.reports() / "sweep" / "report.md", 17);
  put(store.exports() / "latents.npy", 19);
  put(store.database(), 100);
  put(store.database().string() + "-wal", 10);
  const Inventory found = take_inventory(store, {{"train", "optimizer"}});
  ASSERT_EQ(found.artifacts.size(), 3u);
  EXPECT_EQ(found.artifacts[0].stage, "load");
  EXPECT_EQ(found.artifacts[0].bytes, 3);
  EXPECT_EQ(found.artifacts[1].id, (ArtifactId{key, 5}));
  EXPECT_EQ(found.artifacts[1].bytes, 12);
  EXPECT_EQ(found.artifacts[2].bytes, 27);
  EXPECT_EQ(found.artifacts[2].resume_bytes, 20);
  ASSERT_EQ(found.partials.size(), 1u);
  EXPECT_EQ(found.partials[0].bytes, 11);
  EXPECT_EQ(found.temporaries, 1);
  EXPECT_EQ(found.temporary_bytes, 13);
  EXPECT_EQ(found.folders, (std::vector<std::pair<std::string, std::int64_t>>{{"reports", 17}, {"exports", 19}}));
  EXPECT_EQ(found.database_bytes, 110);
  EXPECT_EQ(found.all_bytes, 12 + 27 + 1000 + 3 + 11 + 13 + 17 + 19 + 110);
}

}  // namespace
}  // namespace latentgrid
