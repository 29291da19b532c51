#include "worker/options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace latentgrid::worker {

// By hand: it runs before anything else, so that the check of the parent is the first thing a worker does.
Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--describe") {
      options.describe = true;
      continue;
    }
    if (name == "--portable") {
      options.portable = true;
      continue;
    }
    if (name != "--results" && name != "--run" && name != "--parent") throw UsageError(fmt::format("unknown option '{}'", name));
    if (i + 1 == argc) throw UsageError(fmt::format("{} needs a value", name));
    std::string_view value = argv[++i];
    if (name == "--results") {
      options.results = value;
    } else if (name == "--run") {
      options.run = value;
    } else {
      pid_t pid = 0;
      auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), pid);
      if (error != std::errc() || end != value.data() + value.size() || pid < 1) {
        throw UsageError(fmt::format("--parent needs a process id, not '{}'", value));
      }
      options.parent = pid;
    }
  }
  return options;
}

}  // namespace latentgrid::worker
