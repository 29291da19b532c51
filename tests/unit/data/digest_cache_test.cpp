#include <cstdlib>

#include "base/input_file.hpp"
#include "data/dataset.hpp"
#include "data/digest_cache.hpp"
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
  static double changed(const std::filesystem::path& file) { return 1e-9 * static_cast<double>(file_stamp(file)->changed_ns); }

  double now_ = 4e9;  // long after every file of the test
  DigestCache::UnixTime clock_ = [this] { return now_; };
};

TEST_F(DigestCacheTest, RemembersUntilTheFileChanges) {
  auto file = write("x", "one");
  DigestCache cache({}, clock_);
  EXPECT_TRUE(computes(cache, file));
  EXPECT_FALSE(computes(cache, file));
  EXPECT_TRUE(computes(cache, file, "labels"));
  write("x", "longer");
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, AFileReplacedByOneOfTheSameSizeIsNew) {
  auto file = write("x", "one");
  DigestCache cache({}, clock_);
  computes(cache, file);
  write("y", "two");
  std::filesystem::last_write_time(path("y"), std::filesystem::last_write_time(file));
  std::filesystem::rename(path("y"), file);
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, AFileCopiedOverWithItsTimeKeptIsNew) {
  auto file = write("x", "one");
  const auto time = std::filesystem::last_write_time(file);
  const FileStamp before = *file_stamp(file);
  DigestCache cache({}, clock_);
  computes(cache, file);
  do {  // until the file system's clock has gone on
    write("x", "two");
    std::filesystem::last_write_time(file, time);
  } while (file_stamp(file)->changed_ns == before.changed_ns);
  EXPECT_TRUE(computes(cache, file));
}

// Its times are by the clock of a server, which may differ from this machine's.
TEST_F(DigestCacheTest, OnAFileSystemOfSeveralMachinesAFileIsYoungForAMinute) {
  const auto file = write("x", "one");
  DigestCache cache({}, clock_);
  ::setenv("LATENTGRID_FILE_SYSTEM", "shared", 1);
  now_ = changed(file) + 59;
  EXPECT_TRUE(computes(cache, file));
  EXPECT_TRUE(computes(cache, file));
  now_ = changed(file) + 61;
  EXPECT_TRUE(computes(cache, file));
  EXPECT_FALSE(computes(cache, file));
  ::unsetenv("LATENTGRID_FILE_SYSTEM");
}

TEST_F(DigestCacheTest, NothingIsRememberedOfAFileYoungerThanTwoSeconds) {
  auto file = write("x", "one"), old = write("old", "two");
  DigestCache cache({}, clock_);
  now_ = changed(file) + 1.9;
  EXPECT_TRUE(computes(cache, file));
  EXPECT_TRUE(computes(cache, file));
  now_ = changed(file) - 3600;  // of a machine whose clock is ahead
  EXPECT_TRUE(computes(cache, file));
  EXPECT_TRUE(computes(cache, file));
  now_ = changed(file) + 2.1;
  EXPECT_TRUE(computes(cache, file));
  EXPECT_FALSE(computes(cache, file));
  std::filesystem::last_write_time(old, std::filesystem::file_time_type::clock::now() - std::chrono::hours(24));
  now_ = changed(old) + 1.9;
  EXPECT_TRUE(computes(cache, old));
  EXPECT_TRUE(computes(cache, old)) << "its time was set back, but it was changed just now";
}

TEST_F(DigestCacheTest, OneYoungFileAmongSeveralIsEnough) {
  auto file = write("x", "one"), young = write("y", "two");
  std::filesystem::last_write_time(young, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  DigestCache cache({}, clock_);
  now_ = changed(young) + 5;  // younger than its modification time
  for (int i = 0; i < 2; ++i) {
    bool computed = false;
    cache.get({file, young}, "labels", [&] {
      computed = true;
      return std::string("digest");
    });
    EXPECT_TRUE(computed);
  }
}

TEST_F(DigestCacheTest, OfAFileThatIsWrittenMeanwhileNothingIsRemembered) {
  auto file = write("x", "one");
  DigestCache cache({}, clock_);
  EXPECT_EQ(cache.get({file}, "pixels", [&] {
    write("x", "another");
    return std::string("of half the file");
  }), "of half the file");
  EXPECT_TRUE(computes(cache, file));
}

TEST_F(DigestCacheTest, SurvivesOnDiskAndForgivesDamage) {
  auto file = write("x", "one");
  DigestCache cache({}, clock_);
  computes(cache, file);
  cache.save(path("cache/digests.json"));
  DigestCache again(path("cache/digests.json"), clock_);
  EXPECT_FALSE(computes(again, file));
  std::filesystem::resize_file(path("cache/digests.json"), 10);
  DigestCache damaged(path("cache/digests.json"), clock_), absent(path("absent.json"), clock_);
  EXPECT_TRUE(computes(damaged, file));
  EXPECT_TRUE(computes(absent, file));
}

}  // namespace
}  // namespace latentgrid
