#pragma once

namespace latentgrid {

// SIGINT, SIGTERM and, unless it was ignored before, SIGHUP as a readable descriptor, from construction to destruction;
// SIGPIPE is ignored meanwhile.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  int fd() const { return fd_; }
  int take();  // how many arrived since the last call; does not block

 private:
  int fd_ = -1;
  bool hung_up_ = false;
  void (*pipe_action_)(int) = nullptr;
};

}  // namespace latentgrid
