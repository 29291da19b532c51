#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace latentgrid {

struct CommandOptions {
  std::vector<std::string> argv;         // argv[0] is looked for in PATH unless it has a slash; there is no shell
  std::string input;                     // its stdin
  std::vector<std::string> environment;  // "NAME=value", beside what it inherits
  double timeout_s = 60;
  std::size_t output_limit = 1 << 20;  // bytes of stdout, and as many of stderr, that are kept
};

struct CommandResult {
  bool started = false;    // false: there is no such program, or it may not be run
  bool timed_out = false;  // it was killed for that
  bool truncated = false;  // it wrote more than output_limit
  int exit_code = -1;      // -1: it didn't exit by itself
  std::string end;  // "exit code 3", "killed by signal 15 (Terminated)", "no answer within 60 s", "No such file ..."
  std::string out, err;

  bool ok() const { return exit_code == 0 && !truncated; }
};

// A short program, such as one of a scheduler's commands, that runs while its caller does other things. It inherits the
// environment without SLURM_*, SBATCH_*, SQUEUE_* and SCANCEL_*, which would change what such commands do and leak into
// jobs; SLURM_CONF and SLURM_JWT stay, without which they may not reach the scheduler. Once the timeout is over it is
// killed, with its process group. Nothing blocks. A Command belongs to one thread. The destructor kills what still
// runs.
class Command {
 public:
  Command(CommandOptions options, const Clock& clock);  // starts it; where it can't, there is a result at once
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  // poll() finds one of these readable when there is news. None is no end: the timeout, and on a kernel before 5.3 some
  // ends, are noticed by poll() alone, which must be called now and then.
  std::vector<int> descriptors() const;

  bool poll();  // true once it has ended: result() is complete
  const CommandResult& result() const { return result_; }

 private:
  void drain();
  void finish(int status);
  void give_up();
  void close_all();

  CommandOptions options_;
  const Clock& clock_;
  CommandResult result_;
  double deadline_ = 0;
  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
  int exited_ = -1;  // readable once the child has ended; -1 where the kernel has no such descriptor
};

// The same for checks before a run, where waiting does no harm.
CommandResult run_command(CommandOptions options, const Clock& clock = system_clock());

}  // namespace latentgrid
