#include "pool/pipe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/error.hpp"

extern char** environ;

namespace latentgrid {

namespace {

// Others' kills, not our own.
constexpr const char* memory_advice =
    ", as the system does when memory runs out: fewer workers at once (-j) need less, and --worker-memory MIB ends one "
    "that takes too much";

struct PipeEnds {
  int read_end = -1, write_end = -1;
  PipeEnds() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(fmt::format("cannot create a pipe: {}", std::strerror(errno)));
    read_end = ends[0];
    write_end = ends[1];
  }
  ~PipeEnds() {
    if (read_end >= 0) ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
};

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

class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    // The coordinator blocks and ignores signals for its own loop; a worker starts with none of that.
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (int signal : {SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGXFSZ}) sigaddset(&defaults, signal);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  posix_spawnattr_t* attributes() { return &attributes_; }
  posix_spawn_file_actions_t* actions() { return &actions_; }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

}  // namespace

Pipe::Pipe(const std::vector<std::string>& argv, const std::filesystem::path& log_file) {
  const Log log(log_file);
  PipeEnds to_child, from_child;
  SpawnAttributes spawn;
  ::posix_spawn_file_actions_adddup2(spawn.actions(), to_child.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(spawn.actions(), from_child.write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(spawn.actions(), log.descriptor(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  int error = ::posix_spawn(&pid_, argv[0].c_str(), spawn.actions(), spawn.attributes(), arguments.data(), environ);
  if (error != 0) {
    pid_ = -1;
    throw Error(
        fmt::format("cannot start {}: {}\n  hint: build it, or set LATENTGRID_WORKER to the path of another one",
                    argv[0], std::strerror(error)));
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
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (!WIFSIGNALED(status)) return {"exit", fmt::format("exit code {}", WEXITSTATUS(status))};
  const int signal = WTERMSIG(status);
  return {"signal", fmt::format("killed by signal {} ({}){}", signal, ::strsignal(signal),
                                signal == SIGKILL && !killed_ ? memory_advice : "")};
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
