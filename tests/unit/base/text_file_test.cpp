#include "base/text_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

std::string why_not(const fs::path& file) {
  try {
    read_text_file(file);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(TextFile, IsReadAsUtf8) {
  const testing::TemporaryFolder folder;
  write_file(folder / "utf8", "name: é");
  EXPECT_EQ(read_text_file(folder / "utf8"), "name: é");
  write_file(folder / "utf16", std::string("\xFF\xFEn\0\xE9\0", 6));
  EXPECT_EQ(read_text_file(folder / "utf16"), "né");
  write_file(folder / "empty", "");
  EXPECT_EQ(read_text_file(folder / "empty"), "");
}

TEST(TextFile, HasALimit) {
  const testing::TemporaryFolder folder;
  const fs::path file = folder / "large";
  write_file(file, "");
  fs::resize_file(file, 16 << 20);
  EXPECT_EQ(read_text_file(file).size(), 16u << 20);
  fs::resize_file(file, (16 << 20) + 1);
  EXPECT_EQ(why_not(file), file.string() + " is larger than 16 MiB: is it the right file?");
  EXPECT_EQ(why_not("/dev/zero"), "/dev/zero is larger than 16 MiB: is it the right file?");
}

TEST(TextFile, ThatCannotBeReadIsNamedWithTheReason) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(why_not(folder / "none"), "cannot read " + (folder / "none").string() + ": No such file or directory");
  EXPECT_EQ(why_not(folder.path()), "cannot read " + folder.path().string() + ": Is a directory");
}

}  // namespace
}  // namespace latentgrid
