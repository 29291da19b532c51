#include "pool/pipe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/child_process.hpp"
#include "base/error.hpp"

namespace latentgrid {

namespace {

// Without a log the child runs all the same.
class Log {
 public:
  explicit Log(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) descriptor_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  }
  ~Log() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

Pipe::Pipe(const std::vector<std::string>& argv, const std::filesystem::path& log_file) {
  const Log log(log_file);
  PipeEnds to_child, from_child;
  pid_ = spawn_child(argv, {to_child.read_end, from_child.write_end, log.descriptor()});
  if (pid_ < 0) {
    throw Error(
        fmt::format("cannot start {}: {}\n  hint: build it, or set LATENTGRID_WORKER to the path of another one",
                    argv[0], std::strerror(errno)));
  }
  input_ = std::exchange(to_child.write_end, -1);
  output_ = std::exchange(from_child.read_end, -1);
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

Pipe::~Pipe() {
  if (pid_ > 0) {
    kill();
    end();
  }
  if (input_ >= 0) ::close(input_);
  ::close(output_);
}

void Pipe::write_line(const std::string& line) {
  const std::string text = line + '\n';
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t n = ::write(input_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Pipe::read(std::string& buffer) {
  char chunk[1 << 16];
  for (;;) {
    const ssize_t n = ::read(output_, chunk, sizeof chunk);
    if (n > 0) buffer.append(chunk, static_cast<std::size_t>(n));
    if (n >= 0) return n > 0;
    if (errno != EINTR) return errno == EAGAIN;
  }
}

void Pipe::kill() {
  killed_ = true;
  ::kill(-pid_, SIGKILL);
}

Transport::End Pipe::end() {
  ::close(std::exchange(input_, -1));
  const int status = wait_for_child(std::exchange(pid_, -1));
  if (!WIFSIGNALED(status)) return {"exit", end_of_child(status)};
  const int signal = WTERMSIG(status);
  return {.kind = "signal", .message = end_of_child(status), .signal = signal, .killed_by_others = signal == SIGKILL && !killed_};
}

std::int64_t Pipe::resident_kb() const {
  std::FILE* file = std::fopen(fmt::format("/proc/{}/statm", pid_).c_str(), "re");
  if (!file) return 0;
  long total = 0, resident = 0;
  const int fields = std::fscanf(file, "%ld %ld", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * (::sysconf(_SC_PAGESIZE) / 1024) : 0;
}

}  // namespace latentgrid
