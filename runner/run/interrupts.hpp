#pragma once

namespace latentgrid {

// Requests of the user to end.
class Interrupts {
 public:
  virtual ~Interrupts() = default;
  virtual int fd() const = 0;  // readable when there is one; -1: there is nothing to wait for
  virtual int take() = 0;      // how many arrived since the last call; does not block
};

// SIGINT, SIGTERM and, unless it was ignored before, SIGHUP as a readable descriptor, from construction to destruction;
// SIGPIPE is ignored meanwhile.
class SignalInterrupts : public Interrupts {
 public:
  SignalInterrupts();
  ~SignalInterrupts() override;
  SignalInterrupts(const SignalInterrupts&) = delete;
  SignalInterrupts& operator=(const SignalInterrupts&) = delete;

  int fd() const override { return fd_; }
  int take() override;

 private:
  int fd_ = -1;
  bool hung_up_ = false;
  void (*pipe_action_)(int) = nullptr;
};

}  // namespace latentgrid
