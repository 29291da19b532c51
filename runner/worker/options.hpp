#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace latentgrid::worker {

struct Options {
  std::filesystem::path results = "results";
  std::string run;              // below whose name it stages; without one it stages in tmp/ itself
  std::optional<pid_t> parent;  // end when this process is no longer the parent
  bool portable = false;        // see portable.hpp
  bool ignore_signals = false;  // that ask a process to end: they are for the one that has started this one
  bool sync_log = false;        // others read its log over a network while it works
  bool describe = false;        // print the environment as JSON and end
  bool help = false, version = false;  // print that and end
  std::filesystem::path mailbox;  // serve the runs that look into this folder (pool/mailbox_folder.hpp) instead of one over pipes
  std::string crew;               // for which a scheduler has started it ...
  int index = 0;                  // ... and which of that it is
  std::optional<double> idle_minutes;  // leave the mailbox when a coordinator had nothing to do for so long
};

Options parse_options(int argc, char** argv);  // throws UsageError
std::string usage();

// What a worker that was started by hand says first: whose tasks it does, and when it leaves. `run_works`: one does already.
std::string greeting(const std::string& results, bool run_works, std::optional<double> idle_minutes);

// Throws HintedError where nobody will look for a worker in `mailbox`, for its name is mistyped. A run may not have made it yet.
void check_mailbox(const std::filesystem::path& mailbox);

}  // namespace latentgrid::worker
