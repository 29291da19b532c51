#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace latentgrid::testing {

struct CommandResult {
  int exit_code = -1;  // 128 + signal if a signal ended it
  std::string out;
  std::string err;
};

// A program started without a shell, its output going to files.
class Command {
 public:
  explicit Command(std::vector<std::string> argv, std::map<std::string, std::string> environment = {});
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  CommandResult wait();
  std::string err_so_far() const;

 private:
  std::filesystem::path folder_;
  pid_t pid_ = -1;
};

CommandResult run_command(std::vector<std::string> argv, std::map<std::string, std::string> environment = {});

}  // namespace latentgrid::testing
