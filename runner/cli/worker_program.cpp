#include "cli/worker_program.hpp"

#include <cstdlib>

#include "methods/methods.hpp"

namespace latentgrid::cli {

std::filesystem::path worker_program() {
  if (const char* chosen = std::getenv("LATENTGRID_WORKER"); chosen && *chosen) return chosen;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "latentgrid-worker";
}

std::map<std::string, int> expected_stages() {
  std::map<std::string, int> stages;
  for (const std::string& stage : stage_names()) stages[stage] = stage_version(stage);
  return stages;
}

}  // namespace latentgrid::cli
