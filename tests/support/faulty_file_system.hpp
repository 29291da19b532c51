#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "base/file_system.hpp"

namespace latentgrid::testing {

// The real file system below one folder, of which operations fail on demand, and which knows what of it would be left if the
// power went.
class FaultyFileSystem : public FileSystem {
 public:
  // What is there now is on the disk.
  explicit FaultyFileSystem(std::filesystem::path root) : root_(std::move(root)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) keep(entry.path());
    keep(root_);
  }
  ~FaultyFileSystem() override {
    for (int pin : pins_) ::close(pin);
  }

  // The n-th operation from now on fails, counted from 1, and with `for_good` all that come after it. A write that fails
  // has written half.
  void fail(int n, bool for_good) {
    failing_ = operations_ + n;
    for_good_ = for_good;
  }
  void succeed() { failing_ = 0; }
  bool has_failed() const { return failing_ > 0 && operations_ >= failing_; }
  int operations() const { return operations_; }

  // Names that were not synced come with their folder's sync. What a power loss leaves of them differs from one file system
  // to another: nothing, or all of the names; of bytes that were not synced half.
  enum class Names { synced, all };
  void lose_power(Names names, const std::filesystem::path& left) const { leave(root_, number(root_), names, left); }

  int create(const std::filesystem::path& path, int flags) override {
    return fails() ? -1 : FileSystem::create(path, flags);
  }
  ssize_t write(int file, const void* bytes, std::size_t size) override {
    if (!fails()) return last_write_ = FileSystem::write(file, bytes, size);
    if (FileSystem::write(file, bytes, size / 2) < 0) return -1;
    errno = ENOSPC;
    return -1;
  }
  int sync(int file) override {
    if (fails()) return -1;
    keep("/proc/self/fd/" + std::to_string(file));
    return 0;
  }
  // One that fails leaves half of the file's last write: the server had no more room.
  int close(int file) override {
    const bool failed = fails();
    if (failed && last_write_ > 0) {
      struct stat info;
      if (::fstat(file, &info) == 0 && ::ftruncate(file, info.st_size - last_write_ / 2) != 0) return -1;
      errno = ENOSPC;
    }
    last_write_ = 0;
    return FileSystem::close(file) == 0 && !failed ? 0 : -1;
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails() ? -1 : FileSystem::rename(from, to);
  }
  int rename_onto_absent(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails() ? -1 : FileSystem::rename_onto_absent(from, to);
  }
  int link(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return fails() ? -1 : FileSystem::link(from, to);
  }
  int make_folder(const std::filesystem::path& path) override { return fails() ? -1 : FileSystem::make_folder(path); }
  int remove(const std::filesystem::path& file) override { return fails() ? -1 : FileSystem::remove(file); }

 private:
  bool fails() {
    ++operations_;
    if (failing_ == 0 || operations_ < failing_ || (operations_ > failing_ && !for_good_)) return false;
    errno = EIO;
    return true;
  }

  static ino_t number(const std::filesystem::path& path) {
    struct stat info;
    return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
  }

  // An open file's number is not given to another one.
  ino_t pinned(const std::filesystem::path& path) {
    if (const int pin = ::open(path.c_str(), O_PATH | O_CLOEXEC); pin >= 0) pins_.insert(pin);
    return number(path);
  }

  void keep(const std::filesystem::path& path) {
    const ino_t inode = pinned(path);
    if (!std::filesystem::is_directory(path)) {
      bytes_[inode] = read_file(path);
      return;
    }
    names_[inode].clear();
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      names_[inode][entry.path().filename()] = {pinned(entry.path()), entry.is_directory()};
    }
  }

  void leave(const std::filesystem::path& live, ino_t inode, Names names, const std::filesystem::path& left) const {
    std::filesystem::create_directory(left);
    std::map<std::string, Entry> entries;
    if (names == Names::all) {
      for (const auto& entry : std::filesystem::directory_iterator(live)) {
        entries[entry.path().filename()] = {number(entry.path()), entry.is_directory()};
      }
    } else if (auto kept = names_.find(inode); kept != names_.end()) {
      entries = kept->second;
    }
    for (const auto& [name, entry] : entries) {
      if (entry.is_folder) {
        leave(live / name, entry.inode, names, left / name);
        continue;
      }
      std::string bytes;
      if (auto kept = bytes_.find(entry.inode); kept != bytes_.end()) {
        bytes = kept->second;
      } else if (names == Names::all) {
        bytes = read_file(live / name);
        bytes.resize(bytes.size() / 2);
      }
      std::ofstream(left / name) << bytes;
    }
  }

  struct Entry {
    ino_t inode;
    bool is_folder;
  };

  std::filesystem::path root_;
  int operations_ = 0, failing_ = 0;
  ssize_t last_write_ = 0;
  bool for_good_ = false;
  std::set<int> pins_;
  std::map<ino_t, std::string> bytes_;                    // of files, when they were synced
  std::map<ino_t, std::map<std::string, Entry>> names_;  // of folders, likewise
};

}  // namespace latentgrid::testing
