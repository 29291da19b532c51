#include "unit/worker/worker_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "base/file_system.hpp"

extern char** environ;

namespace latentgrid::testing {

std::filesystem::path worker_program() { return std::filesystem::path(LATENTGRID_BINARY_DIR) / "bin/latentgrid-worker"; }

WorkerProcess::WorkerProcess(const std::filesystem::path& results) : log_(results / "worker.log") {
  ::signal(SIGPIPE, SIG_IGN);
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  std::string program = worker_program().string(), folder = results.string(), parent = std::to_string(::getpid());
  const char* argv[] = {program.c_str(), "--results", folder.c_str(), "--parent", parent.c_str(), nullptr};
  int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, const_cast<char**>(argv), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (error != 0) throw std::runtime_error("cannot start " + program);
}

WorkerProcess::~WorkerProcess() {
  close_input();
  ::close(output_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

void WorkerProcess::send_line(const std::string& line) {
  std::string text = line + "\n";
  if (::write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) throw std::runtime_error("write");
}

void WorkerProcess::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

std::optional<protocol::WorkerMessage> WorkerProcess::receive() {
  std::size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    char part[4096];
    ssize_t n = ::read(output_, part, sizeof part);
    if (n <= 0) return std::nullopt;
    buffer_.append(part, static_cast<std::size_t>(n));
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return protocol::decode_worker_message(line);
}

std::vector<protocol::WorkerMessage> WorkerProcess::receive_until_the_end() {
  std::vector<protocol::WorkerMessage> messages;
  while (auto message = receive()) {
    messages.push_back(*message);
    if (std::holds_alternative<protocol::Done>(*message) || std::holds_alternative<protocol::Failed>(*message)) break;
  }
  return messages;
}

int WorkerProcess::wait() {
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) throw std::runtime_error("waitpid");
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string WorkerProcess::log() { return read_file(log_); }

}  // namespace latentgrid::testing
