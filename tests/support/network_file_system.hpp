#pragma once

#include <cerrno>
#include <filesystem>

#include "support/faulty_file_system.hpp"

namespace latentgrid::testing {

// The real file system, but for what those of networks lack.
class NetworkFileSystem : public FaultyFileSystem {
 public:
  enum class Locks { work, fail, do_nothing };  // flock(2) fails where no lock service runs; elsewhere it is of one machine

  explicit NetworkFileSystem(std::filesystem::path root) : FaultyFileSystem(std::move(root)) {}
  Locks locks = Locks::fail;
  bool has_links = true;
  bool renames_onto_absent = false;
  bool forgets_answers = false;  // what was done is done again, and then cannot be

  int rename_onto_absent(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (renames_onto_absent) return FaultyFileSystem::rename_onto_absent(from, to);
    errno = EINVAL;
    return -1;
  }
  int rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    const int done = FaultyFileSystem::rename(from, to);
    return done == 0 && forgets_answers ? FaultyFileSystem::rename(from, to) : done;
  }
  int link(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (!has_links) {
      errno = EPERM;
      return -1;
    }
    const int done = FaultyFileSystem::link(from, to);
    return done == 0 && forgets_answers ? FaultyFileSystem::link(from, to) : done;
  }
  int lock(int file, int operation) override {
    if (locks == Locks::work) return FaultyFileSystem::lock(file, operation);
    if (locks == Locks::do_nothing) return 0;
    errno = ENOLCK;
    return -1;
  }
};

}  // namespace latentgrid::testing
