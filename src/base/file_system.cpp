#include "base/file_system.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
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
#include <deque>
#include <mutex>
#include <optional>
#include <set>
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
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

void write_all(int fd, std::span<const std::byte> bytes, const fs::path& path, FileSystem& files) {
  while (!bytes.empty()) {
    ssize_t n = files.write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

// Some network file systems can't sync folders: their names are on the server's disk already.
void sync_folder(const fs::path& path, FileSystem& files) {
  Descriptor folder(path, O_RDONLY | O_DIRECTORY);
  if (folder.get() >= 0 && (files.sync(folder.get()) == 0 || errno == EINVAL || errno == EOPNOTSUPP)) return;
  fail("sync the folder", path);
}

struct Inode {
  dev_t device = 0;
  ino_t number = 0;
  bool operator==(const Inode&) const = default;
};

std::optional<Inode> inode_at(const fs::path& path) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  return Inode{info.st_dev, info.st_ino};
}

// Over NFS a call may have been done though it failed: its answer got lost, and it was made once more.
bool was_moved(const std::optional<Inode>& moved, const fs::path& from, const fs::path& to) {
  return moved && !inode_at(from) && inode_at(to) == moved;
}

}  // namespace

int FileSystem::create(const fs::path& path, int flags) {
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
}

ssize_t FileSystem::write(int file, const void* bytes, std::size_t size) { return ::write(file, bytes, size); }

int FileSystem::sync(int file) { return ::fsync(file); }

int FileSystem::close(int file) { return ::close(file); }

int FileSystem::rename(const fs::path& from, const fs::path& to) { return ::rename(from.c_str(), to.c_str()); }

int FileSystem::rename_onto_absent(const fs::path& from, const fs::path& to) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
}

int FileSystem::link(const fs::path& from, const fs::path& to) { return ::link(from.c_str(), to.c_str()); }

int FileSystem::lock(int file, int operation) { return ::flock(file, operation); }

int FileSystem::make_folder(const fs::path& path) { return ::mkdir(path.c_str(), 0777); }

int FileSystem::remove(const fs::path& file) { return ::unlink(file.c_str()); }

FileSystem& real_file_system() {
  static FileSystem files;
  return files;
}

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
int create_beside(const fs::path& path, fs::path& temporary, FileSystem& files) {
  static std::atomic<std::uint64_t> next{0};
  constexpr std::size_t longest_name = 200;  // of 255 bytes
  const std::string begin = path.filename().string().substr(0, longest_name);
  for (;;) {
    temporary = path.parent_path() / fmt::format("{}.{}.{}.tmp", begin, ::getpid(), next++);
    const int fd = files.create(temporary, O_EXCL);
    if (fd >= 0 || errno != EEXIST) return fd;  // a process of another machine may have the same number
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path path, FileSystem& files) : files_(files), path_(std::move(path)) {
  fd_ = create_beside(path_, temporary_, files_);
  if (fd_ < 0) {
    if (errno == EACCES || errno == EROFS) throw access_error(path_, Access::write, errno);
    throw Error(fmt::format("cannot write {}: no file can be made in the folder {}: {}", path_.string(),
                            folder_of(path_).string(), std::strerror(errno)));
  }
  struct stat old;
  if (::stat(path_.c_str(), &old) == 0) ::fchmod(fd_, old.st_mode & 0777);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) {
    ::close(fd_);
    files_.remove(temporary_);
  }
}

void AtomicFile::write(std::span<const std::byte> bytes) { write_all(fd_, bytes, temporary_, files_); }

void AtomicFile::commit() {
  if (files_.sync(fd_) != 0) fail("sync", temporary_);
  const std::optional<Inode> written = inode_at(temporary_);
  if (files_.rename(temporary_, path_) != 0) {
    const int error = errno;
    const bool done = was_moved(written, temporary_, path_);
    errno = error;
    if (!done) fail("replace", path_);
  }
  ::close(std::exchange(fd_, -1));
  sync_folder(folder_of(path_), files_);
}

void write_file_atomically(const fs::path& path, std::string_view text, FileSystem& files) {
  AtomicFile file(path, files);
  file.write(text);
  file.commit();
}

void write_file(const fs::path& path, std::string_view text, FileSystem& files) {
  Descriptor file(files.create(path, O_TRUNC));
  if (file.get() < 0) fail("write", path);
  write_all(file.get(), std::as_bytes(std::span(text)), path, files);
}

namespace {

// The names of folders that this process has synced. A folder that is there may have been made by another process that has
// not come to its sync, or was ended before.
class SyncedFolders {
 public:
  bool contains(const fs::path& folder) {
    const std::scoped_lock lock(mutex_);
    return folders_.contains(folder);
  }
  void add(const fs::path& folder) {
    const std::scoped_lock lock(mutex_);
    folders_.insert(folder);
  }

 private:
  std::mutex mutex_;
  std::set<fs::path> folders_;
};

SyncedFolders& synced_folders() {
  static SyncedFolders folders;
  return folders;
}

// Makes a folder and those above it, up to one that is there. Appends those whose names need a sync. A file server is not asked
// again for folders that this process has synced.
void make_folders(const fs::path& folder, const fs::path& above, FileSystem& files, std::vector<fs::path>& unsynced) {
  const fs::path parent = folder.parent_path();
  if (folder == above || folder == parent) return;
  const bool knows_parent = synced_folders().contains(parent);
  if (!knows_parent) make_folders(parent, above, files, unsynced);
  bool made = files.make_folder(folder) == 0;
  if (!made && errno == ENOENT && knows_parent) {  // somebody has removed it since
    make_folders(parent, above, files, unsynced);
    made = files.make_folder(folder) == 0;
  }
  if (!made && errno != EEXIST) fail("make the folder", folder);
  if (made || !synced_folders().contains(folder)) unsynced.push_back(folder);
}

fs::path common_folder(const fs::path& a, const fs::path& b) {
  fs::path common;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end() && *x == *y; ++x, ++y) common /= *x;
  return common;
}

constexpr std::size_t most_open_files = 256;

// Once all files are on their way, a file system with a journal commits once for them all, at the first sync, where syncing
// them one by one it would commit for each.
void sync_files(std::span<const fs::path> paths, FileSystem& files) {
  std::deque<Descriptor> opened;
  for (const fs::path& path : paths) {
    if (opened.emplace_back(path, O_RDONLY).get() < 0) fail("sync", path);
    if (paths.size() > 1) ::sync_file_range(opened.back().get(), 0, 0, SYNC_FILE_RANGE_WRITE);  // a hint: the sync says what fails
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (files.sync(opened[i].get()) != 0) fail("sync", paths[i]);
  }
}

// Everything in it, and itself.
void sync_tree(const fs::path& root, FileSystem& files) {
  std::vector<fs::path> contents, folders;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    (entry.is_directory() ? folders : contents).push_back(entry.path());
  }
  for (std::size_t i = 0; i < contents.size(); i += most_open_files) {
    sync_files(std::span(contents).subspan(i, std::min(most_open_files, contents.size() - i)), files);
  }
  for (const fs::path& folder : folders) sync_folder(folder, files);
  sync_folder(root, files);
}

// False if that name is taken, by a file or by a folder that holds any. Most network file systems know no RENAME_NOREPLACE:
// there a plain rename replaces no such folder, and a file is linked; without links it is replaced by one that is equal.
bool rename_onto_absent(const fs::path& from, const fs::path& to, FileSystem& files) {
  const std::optional<Inode> moved = inode_at(from);
  if (files.rename_onto_absent(from, to) == 0) return true;
  int error = errno;
  const bool plain = error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
  if (plain && !fs::is_directory(from)) {
    if (files.link(from, to) == 0 || (errno == EEXIST && inode_at(to) == moved)) {
      files.remove(from);
      return true;
    }
    if (errno == EEXIST) return false;
  }
  if (plain && files.rename(from, to) == 0) return true;
  if (plain) error = errno;
  if (was_moved(moved, from, to)) return true;
  errno = error;
  if (error != EEXIST && error != ENOTEMPTY) fail("publish", to);
  return false;
}

}  // namespace

bool publish_folder(const fs::path& staged, const fs::path& target, const std::string& beside, FileSystem& files) {
  const fs::path folder = target.parent_path();
  std::vector<fs::path> unsynced;
  make_folders(folder, common_folder(staged, target), files, unsynced);  // first: one commit takes them along
  sync_tree(staged, files);
  for (const fs::path& made : unsynced) sync_folder(folder_of(made), files);
  for (const fs::path& made : unsynced) {
    if (made != folder) synced_folders().add(made);  // few; of target folders there are as many as artifacts
  }
  if (!beside.empty() && !rename_onto_absent(staged / beside, folder / beside, files)) files.remove(staged / beside);
  const bool first = rename_onto_absent(staged, target, files);
  sync_folder(folder, files);  // also if not: who was first may not have come to it yet
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
