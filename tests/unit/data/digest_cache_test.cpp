#include "data/dataset.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class DigestCacheTest : public DataTest {
 protected:
  // Whether the digest had to be computed.
  bool computes(DigestCache& cache, const std::filesystem::path& file, const std::string& what = "pixels") {
    bool computed = false;
    EXPECT_EQ(cache.get({file}, what, [&] {
      computed = true;
      return "digest of " + what;
    }), "digest of " + what);
    return computed;
  }
};

TEST_F(DigestCacheTest, RemembersUntilTheFileChanges) {
  auto file = write("x", "one");
  DigestCache cache;
  EXPECT_TRUE(computes(cache, file));
  EXPECT_FALSE(computes(cache, file));
  EXPECT_TRUE(computes(cache, file, "labels"));
  write("x", "longer");
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, AFileReplacedByOneOfTheSameSizeIsNew) {
  auto file = write("x", "one");
  DigestCache cache;
  computes(cache, file);
  write("y", "two");
  std::filesystem::last_write_time(path("y"), std::filesystem::last_write_time(file));
  std::filesystem::rename(path("y"), file);
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, OfAFileThatIsWrittenMeanwhileNothingIsRemembered) {
  auto file = write("x", "one");
  DigestCache cache;
  EXPECT_EQ(cache.get({file}, "pixels", [&] {
    write("x", "another");
    return std::string("of half the file");
  }), "of half the file");
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, SurvivesOnDiskAndForgivesDamage) {
  auto file = write("x", "one");
  DigestCache cache;
  computes(cache, file);
  cache.save(path("cache/digests.json"));
  DigestCache again(path("cache/digests.json"));
  EXPECT_FALSE(computes(again, file));
  std::filesystem::resize_file(path("cache/digests.json"), 10);
  DigestCache damaged(path("cache/digests.json")), absent(path("absent.json"));
  EXPECT_TRUE(computes(damaged, file));
  EXPECT_TRUE(computes(absent, file));
}

}  // namespace
}  // namespace latentgrid
