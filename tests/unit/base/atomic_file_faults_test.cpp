// Every operation of writing a file fails once, and once for good: whoever looks finds the old file or the new one.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/faulty_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::FaultyFileSystem;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

constexpr const char* old_text = "what was there before\n";
constexpr const char* new_text = "what is there now\n";

// True if the file was written.
bool write_new(const fs::path& file, FaultyFileSystem& files) {
  try {
    write_file_atomically(file, new_text, files);
    return true;
  } catch (const Error&) {
    return false;
  }
}

class AtomicFileFaults : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Failing, AtomicFileFaults, ::testing::Bool(),
                         [](const auto& failing) { return failing.param ? "ForGood" : "Once"; });

TEST_P(AtomicFileFaults, LeaveTheOldFileOrTheNewOne) {
  bool failed = true;
  int n = 0;
  while (failed) {
    TemporaryFolder folder(testing::folder_in_memory());
    fs::create_directory(folder / "here");
    write_file_atomically(folder / "here" / "file", old_text);
    FaultyFileSystem files(folder / "here");
    files.fail(++n, GetParam());
    const bool written = write_new(folder / "here" / "file", files);
    failed = files.has_failed();
    EXPECT_NE(written, failed) << n;
    files.lose_power(FaultyFileSystem::Names::synced, folder / "synced");
    files.lose_power(FaultyFileSystem::Names::all, folder / "all");
    for (const char* state : {"here", "synced", "all"}) {
      const std::string text = read_file(folder / state / "file");
      EXPECT_TRUE(text == new_text || (text == old_text && !written)) << n << " " << state << ": " << text;
    }
    if (failed && !GetParam()) {  // what is tried again succeeds, and nothing of the first try is left
      ASSERT_TRUE(write_new(folder / "here" / "file", files)) << n;
      files.lose_power(FaultyFileSystem::Names::synced, folder / "again");
      EXPECT_EQ(read_file(folder / "again" / "file"), new_text) << n;
      EXPECT_EQ(std::distance(fs::directory_iterator(folder / "here"), fs::directory_iterator()), 1) << n;
    }
  }
  EXPECT_EQ(n, 5 + 1) << "create, write, sync, rename and the folder's sync";
}

TEST(FaultyFileSystem, ForgetsWhatWasNotSynced) {
  TemporaryFolder folder;
  fs::create_directory(folder / "here");
  write_file(folder / "here" / "before", "before");
  FaultyFileSystem files(folder / "here");
  write_file(folder / "here" / "before", "after!", files);
  write_file(folder / "here" / "new", "abcdef", files);
  ASSERT_EQ(files.rename(folder / "here" / "before", folder / "here" / "renamed"), 0);
  files.lose_power(FaultyFileSystem::Names::synced, folder / "synced");
  EXPECT_EQ(read_file(folder / "synced" / "before"), "before");
  EXPECT_FALSE(fs::exists(folder / "synced" / "new"));
  EXPECT_FALSE(fs::exists(folder / "synced" / "renamed"));
  files.lose_power(FaultyFileSystem::Names::all, folder / "all");
  EXPECT_EQ(read_file(folder / "all" / "renamed"), "before");
  EXPECT_EQ(read_file(folder / "all" / "new"), "abc");
  EXPECT_EQ(files.operations(), 5);
}

}  // namespace
}  // namespace latentgrid
