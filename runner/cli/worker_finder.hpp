#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "pool/worker_log.hpp"

namespace latentgrid::cli {

// Who did an attempt of a task and where its log is, by the logs there are; the latest, where there are several.
struct FoundWorker {
  std::string place;  // "on n2 (Slurm job 4711_3)"; "" on one machine
  std::filesystem::path log;
};

class WorkerFinder {
 public:
  explicit WorkerFinder(const Context& context);
  std::optional<FoundWorker> find(const std::string& stage, const std::string& key, int attempt) const;

 private:
  std::vector<WorkerLog> logs_;
};

}  // namespace latentgrid::cli
