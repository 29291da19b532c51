#include "base/file_system.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t entries(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), fs::directory_iterator()); }

}  // namespace

TEST(AtomicFile, IsDiscardedWithoutCommit) {
  TemporaryFolder folder;
  write_file_atomically(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write("new");
  }
  EXPECT_EQ(read_file(folder / "a"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(AtomicFile, ReplacesOnCommit) {
  TemporaryFolder folder;
  write_file_atomically(folder / "a", "old");
  write_file_atomically(folder / "a", "new");
  EXPECT_EQ(read_file(folder / "a"), "new");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(PublishFolder, FirstWins) {
  TemporaryFolder folder;
  for (const char* name : {"one", "two"}) {
    fs::create_directory(folder / name);
    write_file_atomically(folder / name / "text", name);
  }
  fs::path target = folder / "deep" / "target";
  EXPECT_TRUE(publish_folder(folder / "one", target));
  EXPECT_FALSE(publish_folder(folder / "two", target));
  EXPECT_EQ(read_file(target / "text"), "one");
  EXPECT_FALSE(fs::exists(folder / "one"));
  EXPECT_TRUE(fs::exists(folder / "two"));
}

TEST(PublishFolder, ABranchArrivesWhole) {
  TemporaryFolder folder;
  fs::create_directories(folder / "staged" / "a" / "b");
  write_file(folder / "staged" / "a" / "b" / "deep", "deep");
  write_file(folder / "staged" / "flat", "flat");
  EXPECT_TRUE(publish_folder(folder / "staged", folder / "x" / "y" / "z"));
  EXPECT_EQ(read_file(folder / "x" / "y" / "z" / "a" / "b" / "deep"), "deep");
  EXPECT_EQ(read_file(folder / "x" / "y" / "z" / "flat"), "flat");
}

TEST(PublishFolder, OneFileMayGoBesideTheTargetAndTheFirstStays) {
  TemporaryFolder folder;
  for (const char* name : {"one", "two"}) {
    fs::create_directory(folder / name);
    write_file(folder / name / "text", name);
    write_file(folder / name / "key.txt", std::string("key of ") + name);
  }
  EXPECT_TRUE(publish_folder(folder / "one", folder / "key" / "1", "key.txt"));
  EXPECT_EQ(read_file(folder / "key" / "key.txt"), "key of one");
  EXPECT_FALSE(fs::exists(folder / "key" / "1" / "key.txt"));
  EXPECT_TRUE(publish_folder(folder / "two", folder / "key" / "2", "key.txt"));
  EXPECT_EQ(read_file(folder / "key" / "key.txt"), "key of one");
  EXPECT_FALSE(fs::exists(folder / "key" / "2" / "key.txt"));
  EXPECT_EQ(read_file(folder / "key" / "2" / "text"), "two");
}

TEST(PublishFolder, FoldersThatWereRemovedMeanwhileAreMadeAnew) {
  TemporaryFolder folder;
  for (const char* name : {"one", "two", "three"}) fs::create_directory(folder / name);
  EXPECT_TRUE(publish_folder(folder / "one", folder / "stage" / "ab" / "key" / "1"));
  EXPECT_TRUE(publish_folder(folder / "two", folder / "stage" / "ab" / "other" / "1"));
  fs::remove_all(folder / "stage");
  EXPECT_TRUE(publish_folder(folder / "three", folder / "stage" / "ab" / "third" / "1"));
  EXPECT_TRUE(fs::exists(folder / "stage" / "ab" / "third" / "1"));
}

TEST(PublishFolder, TakesMoreFilesThanAProcessMayHaveOpen) {
  TemporaryFolder folder;
  fs::create_directory(folder / "many");
  for (int i = 0; i < 1100; ++i) write_file(folder / "many" / std::to_string(i), "text");
  EXPECT_TRUE(publish_folder(folder / "many", folder / "key" / "1"));
  EXPECT_EQ(read_file(folder / "key" / "1" / "1099"), "text");
}

TEST(PublishFolder, SaysWhyItCannot) {
  TemporaryFolder folder;
  write_file(folder / "file", "no folder");
  fs::create_directory(folder / "staged");
  EXPECT_ANY_THROW(publish_folder(folder / "staged", folder / "file" / "1"));
  EXPECT_ANY_THROW(publish_folder(folder / "nothing", folder / "key" / "1"));
  EXPECT_FALSE(fs::exists(folder / "key" / "1"));
}

TEST(ReadFile, NamesTheFileAndTheReason) {
  try {
    read_file("/nonexistent/file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "cannot read /nonexistent/file: No such file or directory");
  }
}

TEST(MappedFile, ShowsTheBytesAndAllowsEmptyFiles) {
  TemporaryFolder folder;
  write_file_atomically(folder / "a", "abc");
  write_file_atomically(folder / "empty", "");
  MappedFile file(folder / "a");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()), "abc");
  EXPECT_TRUE(MappedFile(folder / "empty").bytes().empty());
}
