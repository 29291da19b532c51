#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "protocol/messages.hpp"

namespace latentgrid::testing {

// The real latentgrid-worker on pipes, as the coordinator starts it.
class WorkerProcess {
 public:
  explicit WorkerProcess(const std::filesystem::path& results);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  pid_t pid() const { return pid_; }
  void send_line(const std::string& line);
  void send(const protocol::CoordinatorMessage& message) { send_line(protocol::encode(message)); }
  void close_input();

  std::optional<protocol::WorkerMessage> receive();  // nothing at end of file
  // Everything up to and including the message that ends a task, or up to end of file.
  std::vector<protocol::WorkerMessage> receive_until_the_end();
  int wait();         // exit code, or 128 + signal
  std::string log();  // its stderr, once it has ended

 private:
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1;
  std::string buffer_;
  std::filesystem::path log_;
};

std::filesystem::path worker_program();

}  // namespace latentgrid::testing
