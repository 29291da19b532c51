#pragma once

#include <deque>
#include <optional>
#include <string>

#include "protocol/messages.hpp"

namespace latentgrid::worker {

// The worker's two pipes. One thread at a time.
class Channel {
 public:
  // Reads commands from `in`, writes messages to `out`; owns neither.
  Channel(int in, int out) : in_(in), out_(out) {}

  void send(const protocol::WorkerMessage& message);  // throws Error if the coordinator is gone

  // The next command; waits for it. Nothing at end of file. Throws Error on a line that is no message.
  std::optional<protocol::CoordinatorMessage> receive();

  // True once the coordinator has asked to stop or closed its end; doesn't wait. Other commands stay for receive().
  bool stop_requested();

  // How many threads the coordinator lends to `task` at the moment; doesn't wait.
  std::int64_t shared_threads(std::int64_t task);

 private:
  bool fill(int timeout_ms);  // reads and decodes what is there; false if nothing came in time
  void drain();               // until nothing more is there

  int in_, out_;
  bool end_of_file_ = false;
  std::string partial_;
  std::deque<protocol::CoordinatorMessage> commands_;  // but for Share
  protocol::Share share_;
};

// Keeps a private copy of stdout for the protocol and points fd 1 at the log (fd 2), so that a library's print can't
// corrupt the protocol. Returns the private descriptor, close-on-exec.
int take_over_stdout();

}  // namespace latentgrid::worker
