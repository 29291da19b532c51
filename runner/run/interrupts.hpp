#pragma once

#include <string>

#include "base/clock.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// Requests of the user to end.
class Interrupts {
 public:
  virtual ~Interrupts() = default;
  virtual int fd() const = 0;  // readable when there is one; -1: there is nothing to wait for
  virtual int take() = 0;      // how many arrived since the last call; does not block
  virtual std::string what() const { return "interrupted"; }  // the last one
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
  std::string what() const override;

 private:
  bool was_term_ = false;  // the last one
  int fd_ = -1;
  bool hung_up_ = false;
  void (*pipe_action_)(int) = nullptr;
};

// Also `latentgrid cancel`, from whatever machine (store/run_note.hpp): once, however often it is called.
class RunInterrupts : public Interrupts {
 public:
  // Both must outlive it.
  RunInterrupts(Interrupts& signals, const ArtifactStore& store, const Clock& clock) : signals_(signals), store_(store), clock_(clock) {}

  int fd() const override { return signals_.fd(); }
  int take() override;
  std::string what() const override { return asked_ ? "ended by `latentgrid cancel`" : signals_.what(); }

 private:
  Interrupts& signals_;
  const ArtifactStore& store_;
  const Clock& clock_;
  double next_look_ = 0;
  bool asked_ = false;
};

}  // namespace latentgrid
