#include "run/interrupts.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace latentgrid {

namespace {

sigset_t interrupting() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupts::Interrupts() {
  sigset_t set = interrupting();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  fd_ = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd_ < 0) throw Error(std::string("signalfd: ") + std::strerror(errno));
}

Interrupts::~Interrupts() {
  ::close(fd_);
  sigset_t set = interrupting();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
}

int Interrupts::take() {
  int count = 0;
  signalfd_siginfo info;
  while (::read(fd_, &info, sizeof info) == sizeof info) ++count;
  return count;
}

}  // namespace latentgrid
