#include "db/reading.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/access.hpp"

namespace latentgrid::db {

namespace {

constexpr const char* reader_vfs = "latentgrid-reader";
constexpr const char* lone_reader_vfs = "latentgrid-lone-reader";
constexpr const char* without_locks = "unix-none";
constexpr off_t first_lock_of_shm = 120, locks_of_shm = 9;  // documented in SQLite's walformat: the WAL-index locks

std::filesystem::path log_of(const std::filesystem::path& file) {
  return file.string() + "-wal";
}
std::filesystem::path index_of(const std::filesystem::path& file) {
  return file.string() + "-shm";
}

// A log is opened as it is or not at all.
int open_but_make_no_log(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* real = sqlite3_vfs_find(std::strcmp(vfs->zName, reader_vfs) == 0 ? nullptr : without_locks);
  if (flags & SQLITE_OPEN_WAL) {
    flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  }
  return real->xOpen(real, name, file, flags, flags_out);
}

// Like SQLite's own file system of that name, or its default, but for that.
sqlite3_vfs make_vfs(const char* name, const char* like) {
  const sqlite3_vfs* real = sqlite3_vfs_find(like);
  if (!real) throw Error(fmt::format("this SQLite has no file system '{}'", like ? like : ""));
  sqlite3_vfs vfs = *real;
  vfs.zName = name;
  vfs.pNext = nullptr;
  vfs.xOpen = open_but_make_no_log;
  return vfs;
}

const char* registered(sqlite3_vfs& vfs) {
  sqlite3_vfs_register(&vfs, 0);
  return vfs.zName;
}

bool is_foreign(const std::filesystem::path& path) {
  return ::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), W_OK) != 0;
}

// The process that reads with the help of this -shm, if one does.
std::optional<pid_t> user_of(const std::filesystem::path& index) {
  const int descriptor = ::open(index.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = first_lock_of_shm;
  lock.l_len = locks_of_shm;
  const bool known = ::fcntl(descriptor, F_GETLK, &lock) == 0;
  ::close(descriptor);
  return known && lock.l_type != F_UNLCK ? std::optional(lock.l_pid) : std::nullopt;
}

}  // namespace

ReadingMode reading_mode(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t log = std::filesystem::file_size(log_of(file), none);
  if (none) return ReadingMode::file_alone;
  if (std::filesystem::exists(index_of(file), none)) return ReadingMode::beside_a_writer;
  return log > 0 ? ReadingMode::with_log : ReadingMode::file_alone;
}

// SQLite's URI form: everything but unreserved characters and '/' escaped.
std::string reading_uri(const std::filesystem::path& file, ReadingMode mode) {
  std::string uri = "file:";
  for (unsigned char c : std::filesystem::absolute(file).string()) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '-' ||
                 c == '_' || c == '.' || c == '~';
    uri += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  uri += "?mode=ro";
  if (mode == ReadingMode::file_alone) uri += "&immutable=1";
  if (mode == ReadingMode::beside_a_writer) uri += "&readonly_shm=1";
  return uri;
}

const char* reading_vfs(ReadingMode mode) {
  if (mode == ReadingMode::with_log) {
    static sqlite3_vfs alone = make_vfs(lone_reader_vfs, without_locks);
    static const char* const name = registered(alone);
    return name;
  }
  static sqlite3_vfs beside = make_vfs(reader_vfs, nullptr);
  static const char* const name = registered(beside);
  return name;
}

DatabaseFile::Stamp DatabaseFile::stamp_of(const std::filesystem::path& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

// A run that has begun meanwhile makes a log first, which does no harm to who reads the file alone.
DatabaseFile::Stamps DatabaseFile::stamps() const {
  return {stamp_of(path_), reads_the_log_ ? stamp_of(log_of(path_)) : Stamp{}};
}

void DatabaseFile::expect_no_change(bool of_the_log) {
  reads_the_log_ = of_the_log;
  expected_ = stamps();
}

void DatabaseFile::check_unchanged() const {
  if (!expected_ || stamps() == *expected_) return;
  throw Error(
      fmt::format("{} was changed by a run while it was read, so what was read may be wrong\n"
                  "  hint: run the same command again",
                  path_.string()));
}

void create_with_umask(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor >= 0) ::close(descriptor);  // whatever else is wrong, SQLite says better
}

void remove_logs_of_others(const std::filesystem::path& file) {
  const std::filesystem::path log = log_of(file), index = index_of(file);
  if (!is_foreign(log) && !is_foreign(index)) return;
  if (const auto reader = user_of(index)) {
    throw Error(
        fmt::format("{} belongs to {} and is in use (process {}): no run can write beside it\n"
                    "  hint: run again when that program has ended",
                    index.string(), owner_of(index), *reader));
  }
  std::error_code none;
  const std::uintmax_t bytes = std::filesystem::file_size(log, none);
  if (!none && bytes > 0 && is_foreign(log)) {
    throw Error(
        fmt::format("{} belongs to {}, holds rows that are not in the database yet, and may not be written here\n"
                    "  hint: ask its owner to run the sweep once more, or to give you the right to write it (chmod g+w)",
                    log.string(), owner_of(log)));
  }
  if (none || bytes == 0) std::filesystem::remove(log, none);
  std::filesystem::remove(index, none);
  if (is_foreign(log) || is_foreign(index)) {
    throw Error(fmt::format("{} belongs to {} and may not be written or removed here\n  hint: ask its owner to remove it",
                            is_foreign(index) ? index.string() : log.string(), owner_of(index)));
  }
}

}  // namespace latentgrid::db
