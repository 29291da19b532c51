#include "launch/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/child_process.hpp"
#include "base/error.hpp"

extern char** environ;

namespace latentgrid {

namespace {

// A child that hangs in the kernel, on a dead file system for example, does not end even when it is killed. It is
// reaped when it does, by a later command.
class Unreaped {
 public:
  void add(pid_t child) {
    const std::lock_guard lock(mutex_);
    children_.push_back(child);
  }
  void reap() {
    const std::lock_guard lock(mutex_);
    std::erase_if(children_, [](pid_t child) { return ::waitpid(child, nullptr, WNOHANG) != 0; });
  }

 private:
  std::mutex mutex_;
  std::vector<pid_t> children_;
};

Unreaped& unreaped() {
  static Unreaped children;
  return children;
}

bool is_of_scheduler(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  if (name == "SLURM_CONF" || name == "SLURM_JWT") return false;
  constexpr std::string_view prefixes[] = {"SLURM_", "SBATCH_", "SQUEUE_", "SCANCEL_", "SINFO_", "SCONTROL_"};
  return std::any_of(std::begin(prefixes), std::end(prefixes),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> result = more;
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    const bool replaced =
        std::any_of(more.begin(), more.end(), [&](const std::string& m) { return m.starts_with(name); });
    if (!replaced && !is_of_scheduler(text)) result.emplace_back(text);
  }
  return result;
}

// Memory that can be read as a file: unlike a pipe it takes any amount at once.
class InputFile {
 public:
  explicit InputFile(std::string_view text)
      : descriptor_(text.empty() ? ::open("/dev/null", O_RDONLY | O_CLOEXEC) : ::memfd_create("input", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw Error(fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
    while (!text.empty()) {
      const ssize_t n = ::write(descriptor_, text.data(), text.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw Error(fmt::format("cannot write to a file in memory: {}", std::strerror(errno)));
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    ::lseek(descriptor_, 0, SEEK_SET);
  }
  ~InputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

// What is there now, but no more than a pipe's worth: a program that never stops writing must not keep us here.
void read_some(int& descriptor, std::string& text, std::size_t limit, bool& truncated) {
  char chunk[1 << 16];
  for (int chunks = 0; descriptor >= 0 && chunks < 16;) {
    const ssize_t n = ::read(descriptor, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return close_descriptor(descriptor);
    const std::size_t kept = std::min(static_cast<std::size_t>(n), limit - text.size());
    text.append(chunk, kept);
    truncated |= kept < static_cast<std::size_t>(n);
    ++chunks;
  }
}

}  // namespace

Command::Command(CommandOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {
  unreaped().reap();
  const InputFile input(options_.input);
  PipeEnds out, err;
  const std::vector<std::string> environment = environment_with(options_.environment);
  pid_ = spawn_child(options_.argv, {input.descriptor(), out.write_end, err.write_end}, &environment);
  if (pid_ < 0) {
    result_.end = std::strerror(errno);
    return;
  }
  result_.started = true;
  deadline_ = clock_.monotonic_seconds() + options_.timeout_s;
  out_ = std::exchange(out.read_end, -1);
  err_ = std::exchange(err.read_end, -1);
  ::fcntl(out_, F_SETFL, O_NONBLOCK);
  ::fcntl(err_, F_SETFL, O_NONBLOCK);
#ifdef SYS_pidfd_open
  exited_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
#endif
}

Command::~Command() {
  if (pid_ > 0) give_up();
  close_all();
}

std::vector<int> Command::descriptors() const {
  std::vector<int> open;
  for (int descriptor : {out_, err_, exited_}) {
    if (descriptor >= 0) open.push_back(descriptor);
  }
  return open;
}

void Command::drain() {
  read_some(out_, result_.out, options_.output_limit, result_.truncated);
  read_some(err_, result_.err, options_.output_limit, result_.truncated);
}

bool Command::poll() {
  if (pid_ < 0) return true;
  drain();
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) {
    pid_ = -1;
    finish(status);
    return true;
  }
  if (clock_.monotonic_seconds() < deadline_) return false;
  result_.timed_out = true;
  result_.end = fmt::format("no answer within {:g} s", options_.timeout_s);
  give_up();
  close_all();
  return true;
}

void Command::finish(int status) {
  drain();
  close_all();
  if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
  result_.end = end_of_child(status);
}

void Command::give_up() {
  ::kill(-pid_, SIGKILL);
  unreaped().add(std::exchange(pid_, -1));
  unreaped().reap();
}

void Command::close_all() {
  close_descriptor(out_);
  close_descriptor(err_);
  close_descriptor(exited_);
}

CommandResult run_command(CommandOptions options, const Clock& clock) {
  Command command(std::move(options), clock);
  while (!command.poll()) {
    std::vector<pollfd> files;
    for (int descriptor : command.descriptors()) files.push_back({descriptor, POLLIN, 0});
    ::poll(files.data(), files.size(), 50);
  }
  return command.result();
}

}  // namespace latentgrid
