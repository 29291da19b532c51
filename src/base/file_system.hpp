#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace latentgrid {

// What can fail or be lost while something is written that must last, and what network file systems lack: as much as AtomicFile,
// publish_folder() and locks need. Like the system calls that they are, they return -1 and set errno. Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual int create(const std::filesystem::path& path, int flags);  // a file to write; O_EXCL or O_TRUNC
  virtual ssize_t write(int file, const void* bytes, std::size_t size);
  virtual int sync(int file);  // or a folder
  virtual int close(int file);  // of a file on a server: brings there what was written
  virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to);
  virtual int rename_onto_absent(const std::filesystem::path& from, const std::filesystem::path& to);
  virtual int link(const std::filesystem::path& from, const std::filesystem::path& to);
  virtual int lock(int file, int operation);  // flock(2)
  virtual int make_folder(const std::filesystem::path& path);
  virtual int remove(const std::filesystem::path& file);
};

FileSystem& real_file_system();

std::string read_file(const std::filesystem::path& path);  // throws Error that names the path and the reason

// Writes a whole file so that readers see the old or the new content, never a part: a temporary file beside it, fsync,
// rename, fsync of the folder. Without commit() the destructor discards.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path, FileSystem& files = real_file_system());
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
  void commit();

 private:
  FileSystem& files_;
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int fd_ = -1;
};

void write_file_atomically(const std::filesystem::path& path, std::string_view text, FileSystem& files = real_file_system());

// Writes a new file, or over an old one. Nothing is synced: for what is published with its folder.
void write_file(const std::filesystem::path& path, std::string_view text, FileSystem& files = real_file_system());

// Moves a finished folder to a name that must not exist yet: everything in it and the folders above the name are on the disk
// before it is renamed, without replacing, and the new name is when this returns. Folders are made below the one that both
// paths share. Returns false if somebody else published first, whose name is then on the disk too; `staged` is left as it
// was, but for `beside`: the name of a file in it that goes beside the target first, or away if one is there.
bool publish_folder(const std::filesystem::path& staged, const std::filesystem::path& target,
                    const std::string& beside = "", FileSystem& files = real_file_system());

// Read-only memory map of a whole file. Movable; unmapped by the destructor.
class MappedFile {
 public:
  MappedFile() = default;
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace latentgrid
