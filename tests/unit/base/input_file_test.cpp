#include "base/input_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class InputFileTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    std::ofstream(folder_ / "x", std::ios::binary) << text;
    return folder_ / "x";
  }
  static std::string read(const InputFile& file, std::int64_t offset, std::size_t bytes) {
    std::string text(bytes, '\0');
    file.read(offset, std::as_writable_bytes(std::span(text)));
    return text;
  }
  static std::string error_of(const auto& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(InputFileTest, ReadsFromAnyPlace) {
  const InputFile file(write("0123456789"));
  EXPECT_EQ(file.size(), 10);
  EXPECT_EQ(read(file, 3, 4), "3456");
  EXPECT_EQ(read(file, 0, 10), "0123456789");
  EXPECT_EQ(read(file, 10, 0), "");
}

TEST_F(InputFileTest, AFileThatWasCutOffIsAnError) {
  const auto path = write("0123456789");
  const InputFile file(path);
  std::filesystem::resize_file(path, 4);
  const std::string changed =
      path.string() + " changed while it was being read; try again once nothing writes to it";
  EXPECT_EQ(error_of([&] { read(file, 3, 4); }), changed);
  EXPECT_EQ(error_of([&] { read(file, 0, 4); }), changed) << "what is left may be new too";
}

TEST_F(InputFileTest, AFileOfTheSameSizeThatWasWrittenIsAnError) {
  const auto path = write("0123456789");
  const InputFile file(path);
  EXPECT_EQ(read(file, 0, 4), "0123");
  write("abcdefghij");
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(error_of([&] { read(file, 4, 4); }),
            path.string() + " changed while it was being read; try again once nothing writes to it");
}

TEST_F(InputFileTest, ReadingBeyondTheEndIsAnError) {
  const auto path = write("0123");
  const InputFile file(path);
  EXPECT_EQ(error_of([&] { read(file, 2, 3); }), path.string() + " ends before all of its data: copy or download it again");
}

TEST_F(InputFileTest, WhatIsNoFileIsRefusedAtOnce) {
  EXPECT_EQ(error_of([&] { InputFile(folder_ / "none"); }),
            "cannot read " + (folder_ / "none").string() + ": No such file or directory");
  EXPECT_EQ(error_of([&] { InputFile{folder_.path()}; }), folder_.path().string() + " is a folder");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of([&] { InputFile(folder_ / "pipe"); }), (folder_ / "pipe").string() + " is not a regular file");
}

TEST_F(InputFileTest, AStampKnowsAFileThatWasCopiedOverWithItsTimeKept) {
  const auto path = write("0123456789");
  const auto time = std::filesystem::last_write_time(path);
  const FileStamp before = *file_stamp(path);
  EXPECT_EQ(*file_stamp(path), before);
  do {  // until the file system's clock has gone on
    write("abcdefghij");
    std::filesystem::last_write_time(path, time);
  } while (file_stamp(path)->changed_ns == before.changed_ns);
  EXPECT_EQ(file_stamp(path)->modified_ns, before.modified_ns);
  EXPECT_EQ(file_stamp(path)->inode, before.inode);
  EXPECT_NE(*file_stamp(path), before);
  EXPECT_EQ(file_stamp(folder_ / "none"), std::nullopt);
}

}  // namespace
}  // namespace latentgrid
