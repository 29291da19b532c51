#include "base/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

extern char** environ;

namespace latentgrid {

namespace {

class SpawnAttributes {
 public:
  SpawnAttributes() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    // This process blocks and ignores signals for its own loop; a child starts with none of that.
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
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  posix_spawnattr_t* attributes() { return &attributes_; }
  posix_spawn_file_actions_t* actions() { return &actions_; }

 private:
  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

PipeEnds::PipeEnds() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(fmt::format("cannot create a pipe: {}", std::strerror(errno)));
  read_end = ends[0];
  write_end = ends[1];
}

PipeEnds::~PipeEnds() {
  if (read_end >= 0) ::close(read_end);
  if (write_end >= 0) ::close(write_end);
}

pid_t spawn_child(const std::vector<std::string>& argv, const ChildStreams& streams,
                  const std::vector<std::string>* environment) {
  pid_t child = -1;
  int error = 0;
  {
    SpawnAttributes spawn;
    ::posix_spawn_file_actions_adddup2(spawn.actions(), streams.in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(spawn.actions(), streams.out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(spawn.actions(), streams.err, STDERR_FILENO);
    std::vector<char*> variables;
    if (environment) variables = pointers(*environment);
    error = ::posix_spawnp(&child, argv[0].c_str(), spawn.actions(), spawn.attributes(), pointers(argv).data(),
                           environment ? variables.data() : environ);
  }
  errno = error;
  return error == 0 ? child : -1;
}

int wait_for_child(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string end_of_child(int status) {
  if (!WIFSIGNALED(status)) return fmt::format("exit code {}", WEXITSTATUS(status));
  return fmt::format("killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
}

}  // namespace latentgrid
