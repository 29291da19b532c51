#include "base/file_system.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "base/access.hpp"
#include "base/error.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const char* what, const fs::path& path, Access access = Access::write) {
  if (errno == EACCES) throw access_error(path, access, errno);
  throw Error(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

void write_all(int fd, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string read_file(const fs::path& path) {
  Descriptor file(path, O_RDONLY);
  if (file.get() < 0) fail("read", path, Access::read);
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n == 0) return text;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", path, Access::read);
    text.append(buffer, static_cast<std::size_t>(n));
  }
}

namespace {

// A new file beside `path`, with what permissions the umask leaves. mkstemp() would take all of them from others.
int create_beside(const fs::path& path, fs::path& temporary) {
  static std::atomic<std::uint64_t> next{0};
  constexpr std::size_t longest_name = 200;  // of 255 bytes
  const std::string begin = path.filename().string().substr(0, longest_name);
  for (;;) {
    temporary = path.parent_path() / fmt::format("{}.{}.{}.tmp", begin, ::getpid(), next++);
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;  // a process of another machine may have the same number
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  fd_ = create_beside(path_, temporary_);
  if (fd_ < 0) {
    const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
    if (errno == EACCES || errno == EROFS) throw access_error(path_, Access::write, errno);
    throw Error(fmt::format("cannot write {}: no file can be made in the folder {}: {}", path_.string(),
                            folder.string(), std::strerror(errno)));
  }
  struct stat old;
  if (::stat(path_.c_str(), &old) == 0) ::fchmod(fd_, old.st_mode & 0777);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) {
    ::close(fd_);
    ::unlink(temporary_.c_str());
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  write_all(fd_, bytes, temporary_);
}

void AtomicFile::commit() {
  if (::fsync(fd_) != 0) fail("sync", temporary_);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("replace", path_);
  ::close(std::exchange(fd_, -1));
  sync_folder(path_.has_parent_path() ? path_.parent_path() : fs::path("."));
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

void write_file(const fs::path& path, std::string_view text) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) fail("write", path);
  write_all(file.get(), std::as_bytes(std::span(text)), path);
}

void sync_file(const fs::path& path) {
  Descriptor file(path, O_RDONLY);
  if (file.get() < 0 || ::fsync(file.get()) != 0) fail("sync", path);
}

void sync_folder(const fs::path& path) {
  Descriptor folder(path, O_RDONLY | O_DIRECTORY);
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) fail("sync the folder", path);
}

namespace {

// Makes a folder and those above it. Returns the folders that have a new name in them, all of which need a sync.
std::vector<fs::path> create_folders(const fs::path& path) {
  if (path.empty() || fs::exists(path)) return {};
  std::vector<fs::path> changed = create_folders(path.parent_path());
  if (fs::create_directory(path)) changed.push_back(path.has_parent_path() ? path.parent_path() : fs::path("."));
  return changed;
}

void start_writing_back(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  if (file.get() >= 0) ::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);  // a hint: the sync says what fails
}

// Everything in it, and itself. Once all files are on their way, a file system with a journal commits once for them
// all, at the first sync, where syncing them one by one it would commit for each.
void sync_tree(const fs::path& folder) {
  std::vector<fs::path> files, folders;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    (entry.is_directory() ? folders : files).push_back(entry.path());
  }
  if (files.size() > 1) std::for_each(files.begin(), files.end(), start_writing_back);
  std::for_each(files.begin(), files.end(), sync_file);
  std::for_each(folders.begin(), folders.end(), sync_folder);
  sync_folder(folder);
}

// False if that name is taken, by a file or by a folder that holds any. Some network file systems know no
// RENAME_NOREPLACE: there a plain rename replaces a file, but never such a folder.
bool rename_onto_absent(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  const bool plain = errno == EINVAL || errno == ENOSYS;
  if (plain && ::rename(from.c_str(), to.c_str()) == 0) return true;
  if (errno != EEXIST && errno != ENOTEMPTY) fail("publish", to);
  return false;
}

}  // namespace

bool publish_folder(const fs::path& staged, const fs::path& target, const std::string& beside) {
  const std::vector<fs::path> changed = create_folders(target.parent_path());  // first: one commit takes them along
  sync_tree(staged);
  std::for_each(changed.begin(), changed.end(), sync_folder);
  if (!beside.empty() && !rename_onto_absent(staged / beside, target.parent_path() / beside)) fs::remove(staged / beside);
  const bool first = rename_onto_absent(staged, target);
  sync_folder(target.parent_path());  // also if not: who was first may not have come to it yet
  return first;
}

MappedFile::MappedFile(const fs::path& path) {
  Descriptor file(path, O_RDONLY);
  struct stat info;
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) fail("open", path, Access::read);
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ == 0) return;
  data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    fail("map", path, Access::read);
  }
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(data_, size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace latentgrid
