#include "base/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <system_error>

namespace latentgrid {

namespace {

constexpr int ms_for_a_slow_terminal = 1000;

void open_closed_descriptors() {
  for (int wanted : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(wanted, F_GETFD) >= 0) continue;
    // Without a /dev the number must be taken all the same.
    if (::open("/dev/null", O_RDWR) < 0) ::open("/", O_RDONLY | O_DIRECTORY);
  }
}

bool ready_soon(int descriptor) {
  pollfd waiting{descriptor, POLLOUT, 0};
  return ::poll(&waiting, 1, ms_for_a_slow_terminal) > 0;
}

ssize_t write_or_drop(void*, const char* text, std::size_t size) {
  for (std::string_view rest(text, size); !rest.empty();) {
    const ssize_t n = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (n >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR && (errno != EAGAIN || !ready_soon(STDERR_FILENO))) {
      break;
    }
  }
  return static_cast<ssize_t>(size);
}

}  // namespace

void prepare_standard_streams() {
  open_closed_descriptors();
  ::signal(SIGXFSZ, SIG_IGN);
  FILE* forgiving = ::fopencookie(nullptr, "w", {nullptr, write_or_drop, nullptr, nullptr});
  if (!forgiving) return;
  ::setvbuf(forgiving, nullptr, _IONBF, 0);
  stderr = forgiving;  // a variable, as the GNU C Library documents
}

void flush_stdout() {
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");
}

std::optional<std::string> finish_stdout() {
  const bool lost_before = ::ferror(stdout) != 0;
  if (::fflush(stdout) != 0) return std::strerror(errno);
  if (lost_before) return "";
  // Some file systems tell only on closing. What the descriptor stands for may be closed once more.
  const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (copy >= 0 && ::close(copy) != 0) return std::strerror(errno);
  return std::nullopt;
}

}  // namespace latentgrid
