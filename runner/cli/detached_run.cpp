#include "cli/detached_run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/json.hpp"
#include "cli/crews.hpp"
#include "pool/submissions.hpp"

namespace latentgrid::cli {

DetachedRun detached_run(const Context& context, const ExecutorKind& executor, const ExecutorOptions& options, const Sweep& sweep) {
  DetachedRun run;
  run.argv = {program_on_nodes("latentgrid")};
  for (const std::string& word : context.arguments) {
    if (word != "--detach") run.argv.push_back(word);
  }
  run.folder = std::filesystem::current_path();
  run.logs = options.logs;
  run.executor = executor.name;
  run.sweep = sweep.name;
  run.resources = resources_of(workers_of(executor, sweep).coordinator);
  return run;
}

void print_job(const DetachedJob& job, const Context& context) {
  if (context.format == Format::json) {
    fmt::print("{}\n", Json{{"job", job.id}, {"log", job.log.string()}}.dump());
  } else {
    fmt::print("the run was submitted as job {}; its output goes to {}\n", job.id, job.log.string());
  }
}

}  // namespace latentgrid::cli
