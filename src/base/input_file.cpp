#include "base/input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/access.hpp"
#include "base/error.hpp"

namespace latentgrid {

namespace {

FileStamp stamp_of(const struct stat& info) {
  auto nanoseconds = [](const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
  return {info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim), info.st_ino};
}

}  // namespace

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return stamp_of(info);
}

InputFile::InputFile(const std::filesystem::path& path)
    : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {  // a named pipe would wait for a writer
  struct stat info;
  if (fd_ < 0 || ::fstat(fd_, &info) != 0) {
    const int reason = errno;
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    throw access_error(path, Access::read, reason);
  }
  if (!S_ISREG(info.st_mode)) {
    ::close(std::exchange(fd_, -1));
    throw Error(fmt::format("{} is {}", path.string(), S_ISDIR(info.st_mode) ? "a folder" : "not a regular file"));
  }
  stamp_ = stamp_of(info);
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}

InputFile::InputFile(InputFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), stamp_(other.stamp_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(stamp_, other.stamp_);
  return *this;
}

void InputFile::read(std::int64_t offset, std::span<std::byte> bytes) const {
  bool ended = false;
  while (!bytes.empty() && !ended) {
    const ssize_t n = ::pread(fd_, bytes.data(), bytes.size(), offset);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(fmt::format("cannot read {}: {}", path_.string(), std::strerror(errno)));
    ended = n == 0;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += n;
  }
  struct stat info;
  if (::fstat(fd_, &info) != 0 || stamp_of(info) != stamp_) {
    throw Error(fmt::format("{} changed while it was being read; try again once nothing writes to it",
                            path_.string()));
  }
  if (ended) throw Error(fmt::format("{} ends before all of its data: copy or download it again", path_.string()));
}

}  // namespace latentgrid
