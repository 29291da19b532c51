#include "cli/detached_run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/json.hpp"
#include "cli/crews.hpp"
#include "cli/slow_notice.hpp"
#include "pool/detached.hpp"
#include "pool/submissions.hpp"

namespace latentgrid::cli {

int detach_run(const Context& context, const ExecutorKind& executor, const ExecutorOptions& options, const Sweep& sweep) {
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
  std::optional<SlowNotice> notice("waiting for the scheduler to take the run");
  const DetachedJob job = submit(run, {options.results / "mailbox"}, *executor.launcher(options, system_clock()));
  notice.reset();
  if (context.format == Format::json) {
    fmt::print("{}\n", Json{{"job", job.id}, {"log", job.log.string()}}.dump());
  } else {
    fmt::print("the run was submitted as job {}; its output goes to {}\n", job.id, job.log.string());
  }
  return 0;
}

}  // namespace latentgrid::cli
