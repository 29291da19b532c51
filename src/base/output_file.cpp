#include "base/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "base/access.hpp"
#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr int most_links = 40;  // as Linux

[[noreturn]] void refuse_to_write(const std::filesystem::path& path, int error) {
  throw access_error(path, Access::write, error);
}

// N of /dev/fd/N and /proc/self/fd/N: what such a name would open is another description, that starts at the beginning
// of the file that the shell has opened and written to.
std::optional<int> own_descriptor(const std::filesystem::path& path) {
  std::error_code none;
  const auto folder = std::filesystem::canonical(path.parent_path(), none);
  if (none || folder != std::filesystem::canonical("/proc/self/fd", none) || none) return std::nullopt;
  const std::string name = path.filename().string();
  int number = -1;
  auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

// Where a name leads; the last link's target need not be there.
std::filesystem::path followed(const std::filesystem::path& named) {
  std::filesystem::path path = named;
  for (int links = 0; links < most_links; ++links) {
    std::error_code none;
    if (!std::filesystem::is_symlink(path, none) || own_descriptor(path)) return path;
    path = path.parent_path() / std::filesystem::read_symlink(path, none);  // an absolute target stands alone
    if (none) refuse_to_write(named, none.value());
  }
  refuse_to_write(named, ELOOP);
}

int copy_of(int descriptor, const std::filesystem::path& named) {
  if (descriptor == STDOUT_FILENO) std::fflush(stdout);
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (copy < 0) refuse_to_write(named, errno);
  return copy;
}

int open_as_it_is(const std::filesystem::path& path, const std::filesystem::path& named) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) refuse_to_write(named, errno);
  return descriptor;
}

}  // namespace

bool is_stdout(const std::filesystem::path& path) {
  return path == "-";
}

void make_output_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem == std::errc::permission_denied || problem == std::errc::read_only_file_system) {
    throw access_error(folder, Access::write, problem.value());
  }
  if (problem) throw Error(fmt::format("cannot make the folder {}: {}", folder.string(), problem.message()));
}

OutputFile::OutputFile(const std::filesystem::path& path) : shown_(is_stdout(path) ? "standard output" : path) {
  if (is_stdout(path)) {
    through_ = copy_of(STDOUT_FILENO, shown_);
    return;
  }
  const std::filesystem::path target = followed(path);
  struct stat info;
  const bool there = ::stat(target.c_str(), &info) == 0;
  if (there && S_ISDIR(info.st_mode)) {
    throw Error(fmt::format("cannot write {}: it is a folder; name a file in it", path.string()));
  }
  if (const auto descriptor = own_descriptor(target)) {
    through_ = copy_of(*descriptor, shown_);
  } else if (there && !S_ISREG(info.st_mode)) {
    through_ = open_as_it_is(target, shown_);
  } else {
    if (target.has_parent_path()) make_output_folder(target.parent_path());
    replaced_.emplace(target);
  }
}

OutputFile::~OutputFile() {
  if (through_ >= 0) ::close(through_);
}

void OutputFile::write(std::span<const std::byte> bytes) {
  if (replaced_) return replaced_->write(bytes);
  while (!bytes.empty()) {
    const ssize_t n = ::write(through_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse_to_write(shown_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void OutputFile::commit() {
  if (replaced_) return replaced_->commit();
  if (::close(std::exchange(through_, -1)) != 0) refuse_to_write(shown_, errno);
}

void write_output(const std::filesystem::path& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace latentgrid
