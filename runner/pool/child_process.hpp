#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace latentgrid {

// A child started by posix_spawn from an argv (no shell), in a process group of its own, so that Ctrl-C reaches the
// coordinator alone. Its stdin and stdout are pipes, its stderr is appended to a log, or lost where none can be opened.
// Our ends are close-on-exec; reading is non-blocking. The destructor kills and reaps.
class ChildProcess {
 public:
  ChildProcess(const std::vector<std::string>& argv, const std::filesystem::path& log_file);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  int output() const { return output_; }  // to poll

  // False once the child no longer reads.
  bool write_line(const std::string& line);

  enum class ReadResult { data, nothing_yet, end_of_file };
  ReadResult read_some(std::string& buffer);  // appends

  void close_input();
  void kill_group(int signal);
  // How it ended, e.g. "exit code 3" or "killed by signal 9 (Killed)"; waits for it.
  std::string wait();
  bool killed_by_signal() const { return signalled_; }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool signalled_ = false;
};

}  // namespace latentgrid
