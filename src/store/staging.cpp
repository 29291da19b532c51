#include "store/staging.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "base/access.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path lock_of(const fs::path& folder) { return folder / "lock"; }

// The last of a run may have removed the file since it was opened.
bool is_still_there(int file, const fs::path& path) {
  struct stat opened, named;
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino;
}

}  // namespace

std::string new_run_name() {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{}.{}.{}", host, ::getpid(), std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

HeldStaging::HeldStaging(const ArtifactStore& store) : folder_(store.staging()) {
  const fs::path file = lock_of(folder_);
  for (;;) {
    fs::create_directories(folder_);
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0 && errno == ENOENT) continue;
    if (lock_ < 0) throw access_error(file, Access::write, errno);
    // Where there are no locks it can't be held, nor does anyone take it for abandoned.
    if (::flock(lock_, LOCK_SH) != 0 || is_still_there(lock_, file)) return;
    ::close(lock_);
  }
}

HeldStaging::~HeldStaging() {
  std::error_code ignored;
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) {
    fs::remove_all(folder_, ignored);
    fs::remove(folder_.parent_path(), ignored);  // unless other runs are in it
  }
  ::close(lock_);
}

bool is_held(const fs::path& folder) {
  int lock = ::open(lock_of(folder).c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0 && (errno == EACCES || errno == EROFS)) lock = ::open(lock_of(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return errno != ENOENT && errno != ENOTDIR;
  const bool free = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
  ::close(lock);
  return !free;
}

void remove_abandoned_staging(const ArtifactStore& store) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(store.temporaries(), ignored)) {
    if (!is_held(entry.path())) fs::remove_all(entry.path());
  }
  fs::remove(store.temporaries(), ignored);
}

}  // namespace latentgrid
