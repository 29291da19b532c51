#include "worker/environment.hpp"

#include <unistd.h>

#include <array>
#include <string>

#include "base/version.hpp"
#include "nn/runtime.hpp"

namespace latentgrid::worker {

Json describe_environment() {
  Json environment = nn::describe_runtime();
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  environment["host"] = std::string(host.data());
  environment["pid"] = ::getpid();
  environment["build"] = build_version();
  environment["git_commit"] = git_commit();
  return environment;
}

}  // namespace latentgrid::worker
