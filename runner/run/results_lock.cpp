#include "run/results_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/access.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"

namespace latentgrid {

ResultsLock::ResultsLock(const std::filesystem::path& file) {
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    throw Error(fmt::format("{}\n  hint: --results DIR names another folder", access_error(file, Access::write, errno).what()));
  }
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    std::string holder = read_file(file);
    ::close(fd_);
    throw Error(fmt::format("another run works in {}: {}\n  hint: wait for it to end, or use another folder with --results DIR",
                            file.parent_path().string(), holder.empty() ? "holder unknown" : holder));
  }
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  std::string text = fmt::format("pid {} on {} since {}", ::getpid(), host, system_clock().utc_timestamp());
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) < 0) {
    ::close(fd_);
    throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  }
}

ResultsLock::~ResultsLock() {
  if (::ftruncate(fd_, 0) != 0) {
    // The text only helps readers; the lock itself goes with the descriptor.
  }
  ::close(fd_);
}

}  // namespace latentgrid
