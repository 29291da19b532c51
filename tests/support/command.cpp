#include "support/command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "base/file_system.hpp"

extern char** environ;

namespace latentgrid::testing {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Command::Command(std::vector<std::string> argv, std::map<std::string, std::string> environment) {
  std::string name = (std::filesystem::temp_directory_path() / "latentgrid-command.XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) {
    std::string text = *entry;
    if (!environment.contains(text.substr(0, text.find('=')))) variables.push_back(text);
  }
  for (const auto& [key, value] : environment) variables.push_back(key + "=" + value);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, (folder_ / "out").c_str(), O_WRONLY | O_CREAT, 0644);
  ::posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "err").c_str(), O_WRONLY | O_CREAT, 0644);
  int error = ::posix_spawn(&pid_, argv[0].c_str(), &actions, nullptr, pointers(argv).data(), pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + argv[0]);
}

Command::~Command() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  std::filesystem::remove_all(folder_);
}

void Command::signal(int number) const { ::kill(pid_, number); }

CommandResult Command::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, read_file(folder_ / "out"), read_file(folder_ / "err")};
}

std::string Command::err_so_far() const { return read_file(folder_ / "err"); }

CommandResult run_command(std::vector<std::string> argv, std::map<std::string, std::string> environment) {
  return Command(std::move(argv), std::move(environment)).wait();
}

}  // namespace latentgrid::testing
