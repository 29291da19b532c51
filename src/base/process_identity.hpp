#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/json.hpp"

namespace latentgrid {

// One process among those of all machines and of all times. Numbers of processes are given again, and each container counts
// its own.
struct ProcessIdentity {
  std::string host;
  std::string boot;       // of the machine, since when it runs: another one after a restart, the same one in its containers
  std::string numbering;  // whose numbers `pid` is among
  pid_t pid = 0;
  std::uint64_t started = 0;  // in ticks since the machine was started; 0: not known
};

ProcessIdentity this_process();
std::string host_name();

enum class Life { alive, dead, unknown };  // unknown: it is of another machine or container, or of a time before a restart

// Whether a process is alive, as `here` can tell at once.
Life life_of(const ProcessIdentity& process, const ProcessIdentity& here);

Json to_json(const ProcessIdentity& process);
ProcessIdentity process_from_json(const Json& json);  // throws Json::exception

}  // namespace latentgrid
