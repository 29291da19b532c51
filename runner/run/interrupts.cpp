#include "run/interrupts.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "store/run_note.hpp"

namespace latentgrid {

namespace {

constexpr double seconds_between_looks = 1;

bool is_ignored(int signal) {
  struct sigaction action;
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// A program started by nohup, or whose terminal is to be closed, ignores SIGHUP; a shell without job control lets what
// it starts in the background ignore SIGINT, which a `kill -INT` is meant for all the same.
sigset_t interrupting() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (!is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

SignalInterrupts::SignalInterrupts() {
  sigset_t set = interrupting();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  pipe_action_ = ::signal(SIGPIPE, SIG_IGN);
  fd_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd_ < 0) throw Error(std::string("signalfd: ") + std::strerror(errno));
}

SignalInterrupts::~SignalInterrupts() {
  ::close(fd_);
  sigset_t set = interrupting();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::signal(SIGPIPE, pipe_action_);
}

int SignalInterrupts::take() {
  int count = 0;
  signalfd_siginfo info;
  while (::read(fd_, &info, sizeof info) == sizeof info) {
    // The shell and the kernel may both tell of a terminal that is gone, which is one interruption.
    if (info.ssi_signo == SIGHUP && std::exchange(hung_up_, true)) continue;
    was_term_ = info.ssi_signo == SIGTERM;
    ++count;
  }
  return count;
}

std::string SignalInterrupts::what() const {
  return was_term_ ? "ended by the signal TERM, as a scheduler sends it before the time limit of a job" : Interrupts::what();
}

int RunInterrupts::take() {
  const int arrived = signals_.take();
  if (asked_ || clock_.monotonic_seconds() < next_look_) return arrived;
  next_look_ = clock_.monotonic_seconds() + seconds_between_looks;
  asked_ = is_asked_to_end(store_);
  return arrived + asked_;
}

}  // namespace latentgrid
