#include "worker/environment.hpp"

#include <unistd.h>

#include <array>
#include <string>

#include "base/cores.hpp"
#include "base/distances.hpp"
#include "base/version.hpp"
#include "worker/blas.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

Json describe_environment() {
  Json environment = {{"device", "cpu"}, {"cores", usable_cores()}, {"simd", simd_target()}, {"blas", describe_blas()}};
  if (const TorchModule* torch = loaded_torch_module()) environment.update(torch->describe());
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  environment["host"] = std::string(host.data());
  environment["pid"] = ::getpid();
  environment["build"] = build_version();
  environment["git_commit"] = git_commit();
  return environment;
}

}  // namespace latentgrid::worker
