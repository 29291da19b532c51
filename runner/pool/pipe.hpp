#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "pool/transport.hpp"

namespace latentgrid {

// A child started by posix_spawn from an argv (no shell), in a process group of its own, so that Ctrl-C reaches the
// coordinator alone. Its stdin and stdout are pipes, its stderr is appended to a log, or lost where none can be opened.
// Our ends are close-on-exec; reading is non-blocking. SIGPIPE must be ignored. The destructor kills and reaps.
class Pipe : public Transport {
 public:
  Pipe(const std::vector<std::string>& argv, const std::filesystem::path& log_file);
  ~Pipe() override;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void write_line(const std::string& line) override;
  bool read(std::string& buffer) override;
  int descriptor() const override { return output_; }
  // "exit code 3" or "killed by signal 15 (Terminated)"; closes its stdin and waits for it.
  End end() override;
  std::int64_t resident_kb() const override;

  void kill();  // with all that it has started

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool killed_ = false;
};

}  // namespace latentgrid
