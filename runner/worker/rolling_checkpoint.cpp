#include "worker/rolling_checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

void replace_partial(const ArtifactStore& store, const std::string& key, const fs::path& staged) {
  const fs::path target = store.partial(key);
  fs::create_directories(target.parent_path());
  if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(staged);
    return;
  }
  // Nothing to exchange with yet, or a file system that can't: then a kill in between costs the old checkpoint.
  if (errno != ENOENT && errno != EINVAL && errno != ENOSYS) {
    throw Error(fmt::format("cannot replace {}: {}", target.string(), std::strerror(errno)));
  }
  fs::remove_all(target);
  fs::rename(staged, target);
}

void remove_partial(const ArtifactStore& store, const std::string& key) { fs::remove_all(store.partial(key)); }

}  // namespace latentgrid::worker
