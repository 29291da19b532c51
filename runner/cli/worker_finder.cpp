#include "cli/worker_finder.hpp"

#include "store/artifact_store.hpp"

namespace latentgrid::cli {

WorkerFinder::WorkerFinder(const Context& context) : logs_(worker_logs(ArtifactStore(context.results).logs())) {
  for (WorkerLog& log : logs_) log.read();
}

std::optional<FoundWorker> WorkerFinder::find(const std::string& stage, const std::string& key, int attempt) const {
  std::optional<FoundWorker> found;
  std::string began;
  for (const WorkerLog& log : logs_) {
    for (const LoggedTask& task : log.tasks()) {
      if (task.stage != stage || task.key != key || task.attempt != attempt || task.began < began) continue;
      found = {task.place, log.file()};
      began = task.began;
    }
  }
  return found;
}

}  // namespace latentgrid::cli
