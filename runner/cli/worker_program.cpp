#include "cli/worker_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/program_files.hpp"
#include "methods/stages.hpp"
#include "pool/executors.hpp"

namespace latentgrid::cli {

std::filesystem::path worker_program() {
  if (const char* chosen = std::getenv("LATENTGRID_WORKER"); chosen && *chosen) return chosen;
  return program_file("latentgrid-worker");
}

void require_worker(const std::filesystem::path& program) {
  std::error_code unreadable;
  const bool there = std::filesystem::is_regular_file(program, unreadable);
  if (there && ::access(program.c_str(), X_OK) == 0) return;
  throw Error(
      fmt::format("the worker program {} {}\n  hint: build latentgrid-worker, or set LATENTGRID_WORKER to its path",
                  program.string(), there ? "may not be executed" : "does not exist"));
}

ExecutorOptions executor_options(const ArtifactStore& store, int slots) {
  ExecutorOptions options;
  options.worker.program = worker_program();
  options.worker.memory_advice = executors().front().memory_advice;
  options.results = store.root();
  options.run = store.run();
  options.logs = store.logs();
  options.slots = slots;
  options.worker.stages = all_versions();
  return options;
}

}  // namespace latentgrid::cli
