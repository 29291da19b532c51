#include "data/dataset.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class DigestCacheTest : public DataTest {};

TEST_F(DigestCacheTest, FindsWhatItRemembersUntilTheFileChanges) {
  auto file = write("x", "one");
  DigestCache cache;
  EXPECT_EQ(cache.find({file}, "pixels"), std::nullopt);
  cache.remember({file}, "pixels", "d1");
  EXPECT_EQ(cache.find({file}, "pixels"), "d1");
  EXPECT_EQ(cache.find({file}, "labels"), std::nullopt);
  write("x", "longer");
  EXPECT_EQ(cache.find({file}, "pixels"), std::nullopt);
}

TEST_F(DigestCacheTest, AFileReplacedByOneOfTheSameSizeIsNew) {
  auto file = write("x", "one");
  DigestCache cache;
  cache.remember({file}, "pixels", "d1");
  write("y", "two");
  std::filesystem::last_write_time(path("y"), std::filesystem::last_write_time(file));
  std::filesystem::rename(path("y"), file);
  EXPECT_EQ(cache.find({file}, "pixels"), std::nullopt);
}

TEST_F(DigestCacheTest, SurvivesOnDiskAndForgivesDamage) {
  auto file = write("x", "one");
  DigestCache cache;
  cache.remember({file}, "pixels", "d1");
  cache.save(path("cache/digests.json"));
  EXPECT_EQ(DigestCache(path("cache/digests.json")).find({file}, "pixels"), "d1");
  std::filesystem::resize_file(path("cache/digests.json"), 10);
  EXPECT_EQ(DigestCache(path("cache/digests.json")).find({file}, "pixels"), std::nullopt);
  EXPECT_EQ(DigestCache(path("absent.json")).find({file}, "pixels"), std::nullopt);
}

}  // namespace
}  // namespace latentgrid
