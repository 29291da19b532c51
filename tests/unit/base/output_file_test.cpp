#include "base/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

mode_t mode_of(const fs::path& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

std::string error_of_writing(const fs::path& path) {
  try {
    write_output(path, "text");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

class Umask {
 public:
  explicit Umask(mode_t mask) : before_(::umask(mask)) {}
  ~Umask() { ::umask(before_); }

 private:
  mode_t before_;
};

}  // namespace

TEST(OutputFile, IsWholeOrNotThere) {
  TemporaryFolder folder;
  {
    OutputFile file(folder / "new" / "folder" / "a");
    file.write("half");
  }
  EXPECT_EQ(entries(folder / "new" / "folder"), 0);
  write_output(folder / "new" / "folder" / "a", "whole");
  EXPECT_EQ(read_file(folder / "new" / "folder" / "a"), "whole");
  EXPECT_EQ(entries(folder / "new" / "folder"), 1);
}

TEST(OutputFile, LinksAreFollowedAndStay) {
  TemporaryFolder folder;
  write_file(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  fs::create_symlink(folder / "link", folder / "link to the link");
  fs::create_symlink("not/there yet", folder / "dangling");
  write_output(folder / "link to the link", "new");
  write_output(folder / "dangling", "made");
  EXPECT_EQ(read_file(folder / "target"), "new");
  EXPECT_EQ(read_file(folder / "not" / "there yet"), "made");
  for (const char* link : {"link", "link to the link", "dangling"}) EXPECT_TRUE(fs::is_symlink(folder / link)) << link;
  fs::create_symlink("round", folder / "round");
  EXPECT_EQ(error_of_writing(folder / "round"),
            "cannot write " + (folder / "round").string() + ": Too many levels of symbolic links");
}

TEST(OutputFile, APipeIsWrittenThrough) {
  TemporaryFolder folder;
  const fs::path fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = read_file(fifo); });
  write_output(fifo, "text");
  reader.join();
  EXPECT_EQ(read, "text");
  EXPECT_TRUE(fs::is_fifo(fifo));
}

TEST(OutputFile, ADeviceStaysADevice) {
  write_output("/dev/null", "text");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(error_of_writing("/dev/full"), "cannot write /dev/full: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(OutputFile, StandardOutputKeepsWhatWasPrintedBefore) {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    ::testing::internal::CaptureStdout();
    std::printf("before ");
    write_output(name, "written ");
    std::printf("after");
    std::fflush(stdout);
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), "before written after") << name;
  }
}

TEST(OutputFile, TheUmaskSaysWhoMayReadItAndAnOldFilesPermissionsStay) {
  TemporaryFolder folder;
  for (mode_t mask : {0002, 0022, 0077}) {
    const Umask set(mask);
    const fs::path file = folder / std::to_string(mask);
    write_output(file, "text");
    EXPECT_EQ(mode_of(file), 0666 & ~mask);
    ::chmod(file.c_str(), 0640);
    write_output(file, "text");
    EXPECT_EQ(mode_of(file), 0640u);
  }
}

TEST(OutputFile, ALongNameIsFine) {
  TemporaryFolder folder;
  const std::string name(255, 'n');
  write_output(folder / name, "text");
  EXPECT_EQ(read_file(folder / name), "text");
}

TEST(OutputFile, SaysWhichFolderIsAtFault) {
  TemporaryFolder folder;
  write_file(folder / "file", "");
  EXPECT_EQ(error_of_writing(folder.path()),
            "cannot write " + folder.path().string() + ": it is a folder; name a file in it");
  EXPECT_EQ(error_of_writing(folder / "file" / "a"),
            "cannot make the folder " + (folder / "file").string() + ": Not a directory");
  ::chmod(folder.path().c_str(), 0555);
  pid_t child = ::fork();
  if (child == 0) {  // root may write anywhere
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(99);
    const std::string fault = "you have no permission to write " + (folder / "a").string() + ": no file can be made in the folder " + folder.path().string();
    ::_exit(error_of_writing(folder / "a").starts_with(fault) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  ::chmod(folder.path().c_str(), 0755);
  EXPECT_EQ(status, 0);
}
