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
  bool describe = false;        // print the environment as JSON and end
};

Options parse_options(int argc, char** argv);  // throws UsageError

}  // namespace latentgrid::worker
