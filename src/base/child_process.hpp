#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace latentgrid {

// Both ends of a pipe, close-on-exec; the destructor closes those that nobody took. Throws Error where there is none to
// have.
struct PipeEnds {
  int read_end = -1, write_end = -1;
  PipeEnds();
  ~PipeEnds();
  PipeEnds(const PipeEnds&) = delete;
  PipeEnds& operator=(const PipeEnds&) = delete;
};

// Descriptors that become a child's stdin, stdout and stderr.
struct ChildStreams {
  int in = -1, out = -1, err = -1;
};

// Starts argv by posix_spawn, without a shell, argv[0] looked for in PATH unless it has a slash: in a process group of
// its own, so that Ctrl-C reaches this process alone, and with no signal blocked or ignored. `environment` is
// "NAME=value" each; none: ours. The child's number, or -1 with errno set. Thread-safe.
pid_t spawn_child(const std::vector<std::string>& argv, const ChildStreams& streams,
                  const std::vector<std::string>* environment = nullptr);

// The status that waitpid() gives, once the child has ended.
int wait_for_child(pid_t child);

// "exit code 3" or "killed by signal 15 (Terminated)".
std::string end_of_child(int status);

}  // namespace latentgrid
