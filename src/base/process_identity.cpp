#include "base/process_identity.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

namespace latentgrid {

namespace {

struct ProcessStat {
  char state = 0;  // 0: not known, as where /proc is hidden
  std::uint64_t started = 0;
};

ProcessStat stat_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  ProcessStat found;
  if (!std::getline(file, text)) return found;
  const std::size_t name_end = text.rfind(')');  // of the program, which may hold anything
  if (name_end == std::string::npos) return found;
  std::istringstream fields(text.substr(name_end + 1));
  fields >> found.state;
  std::string skipped;
  for (int i = 4; i < 22; ++i) fields >> skipped;
  fields >> found.started;
  return found;
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string numbering_here() {
  char text[64] = {};
  return ::readlink("/proc/self/ns/pid", text, sizeof text - 1) > 0 ? text : "";
}

}  // namespace

std::string host_name() {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return host;
}

ProcessIdentity this_process() {
  const pid_t pid = ::getpid();
  return {host_name(), first_line("/proc/sys/kernel/random/boot_id"), numbering_here(), pid, stat_of(pid).started};
}

Life life_of(const ProcessIdentity& process, const ProcessIdentity& here) {
  const bool comparable = process.boot == here.boot && process.numbering == here.numbering && !process.boot.empty() && !process.numbering.empty();
  if (!comparable || process.pid < 1) return Life::unknown;
  if (::kill(process.pid, 0) != 0 && errno == ESRCH) return Life::dead;
  const ProcessStat now = stat_of(process.pid);
  if (now.state == 'Z' || now.state == 'X') return Life::dead;
  const bool other = now.started != 0 && process.started != 0 && now.started != process.started;
  return other ? Life::dead : Life::alive;
}

Json to_json(const ProcessIdentity& process) {
  return {{"host", process.host}, {"boot", process.boot}, {"numbering", process.numbering}, {"pid", process.pid}, {"started", process.started}};
}

ProcessIdentity process_from_json(const Json& json) {
  return {json.at("host"), json.at("boot"), json.at("numbering"), json.at("pid"), json.at("started")};
}

}  // namespace latentgrid
