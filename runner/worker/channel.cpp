#include "worker/channel.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/error.hpp"

namespace latentgrid::worker {

namespace {

bool is_stop(const protocol::CoordinatorMessage& command) {
  return std::holds_alternative<protocol::Stop>(command);
}

}  // namespace

void Channel::send(const protocol::WorkerMessage& message) {
  std::string line = protocol::encode(message) + '\n';
  for (std::string_view rest = line; !rest.empty();) {
    ssize_t n = ::write(out_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(fmt::format("cannot write to the coordinator: {}", std::strerror(errno)));
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Channel::fill(int timeout_ms) {
  pollfd waiting{in_, POLLIN, 0};
  int ready = ::poll(&waiting, 1, timeout_ms);
  if (ready < 0 && errno != EINTR) throw Error(fmt::format("cannot wait for the coordinator: {}", std::strerror(errno)));
  if (ready <= 0) return false;
  char buffer[1 << 16];
  ssize_t n = ::read(in_, buffer, sizeof buffer);
  if (n < 0 && errno == EINTR) return false;
  if (n < 0) throw Error(fmt::format("cannot read from the coordinator: {}", std::strerror(errno)));
  if (n == 0) {
    end_of_file_ = true;
    return false;
  }
  partial_.append(buffer, static_cast<std::size_t>(n));
  std::size_t start = 0;
  for (std::size_t end; (end = partial_.find('\n', start)) != std::string::npos; start = end + 1) {
    protocol::CoordinatorMessage command = protocol::decode_coordinator_message(partial_.substr(start, end - start));
    if (auto* share = std::get_if<protocol::Share>(&command)) {
      share_ = *share;
    } else {
      if (std::holds_alternative<protocol::Run>(command)) share_ = {};  // what was lent ended with its task
      commands_.push_back(std::move(command));
    }
  }
  partial_.erase(0, start);
  return true;
}

std::optional<protocol::CoordinatorMessage> Channel::receive() {
  while (commands_.empty()) {
    if (end_of_file_) return std::nullopt;
    fill(-1);
  }
  protocol::CoordinatorMessage command = std::move(commands_.front());
  commands_.pop_front();
  return command;
}

void Channel::drain() {
  while (!end_of_file_ && fill(0)) {
  }
}

bool Channel::stop_requested() {
  drain();
  return end_of_file_ || std::any_of(commands_.begin(), commands_.end(), is_stop);
}

std::int64_t Channel::shared_threads(std::int64_t task) {
  drain();
  return share_.task == task ? share_.threads : 1;
}

int take_over_stdout() {
  int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (copy < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    throw Error(fmt::format("cannot set up the pipes: {}", std::strerror(errno)));
  }
  return copy;
}

}  // namespace latentgrid::worker
