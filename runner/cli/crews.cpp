#include "cli/crews.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "methods/stages.hpp"

namespace latentgrid::cli {

namespace {

CrewOptions crew(std::string name, std::vector<std::string> stages, const WorkerNeeds& needs) {
  CrewOptions options;
  options.name = std::move(name);
  options.stages = std::move(stages);
  options.workers = static_cast<int>(needs.workers);
  options.resources = resources_of(needs);
  return options;
}

// As in "gpu:a100:2", --gpus=1, --gpus-per-node=1.
bool asks_for_gpus(const Resources& resources) {
  const auto names_gpus = [](const std::string& argument) { return argument.starts_with("--gpus") || argument.starts_with("-G"); };
  return resources.gres.find("gpu") != std::string::npos || std::any_of(resources.extra.begin(), resources.extra.end(), names_gpus);
}

void give_gpu_tasks(std::vector<CrewOptions>& crews) {
  std::vector<CrewOptions*> with_gpus;
  for (CrewOptions& crew : crews) {
    if (asks_for_gpus(crew.resources)) with_gpus.push_back(&crew);
  }
  if (with_gpus.empty()) return;
  for (const StageSpec& stage : all_stages()) {
    const std::string name(stage.name);
    const auto has_stage = [&](const CrewOptions* crew) { return std::find(crew->stages.begin(), crew->stages.end(), name) != crew->stages.end(); };
    const auto own = std::find_if(with_gpus.begin(), with_gpus.end(), has_stage);
    (own == with_gpus.end() ? with_gpus.front() : *own)->gpu_stages.push_back(name);
  }
}

}  // namespace

Resources resources_of(const WorkerNeeds& needs) {
  return {.partition = needs.partition, .account = needs.account, .qos = needs.qos, .gres = needs.gres,
          .cpus = static_cast<int>(needs.cpus), .memory = needs.memory, .time = needs.time, .extra = needs.extra};
}

const ClusterWorkers& workers_of(const ExecutorKind& executor, const Sweep& sweep) {
  return executor.has_commands ? sweep.launcher.workers : sweep.slurm;
}

std::vector<CrewOptions> crews_of(const ExecutorKind& executor, const Sweep& sweep) {
  const ClusterWorkers& section = workers_of(executor, sweep);
  std::vector<CrewOptions> crews;
  std::vector<std::string> others;
  for (const StageSpec& stage : all_stages()) {
    const std::string name(stage.name);
    const auto own = section.of_stage.find(name);
    if (own == section.of_stage.end()) {
      others.push_back(name);
    } else {
      crews.push_back(crew(name, {name}, own->second));
    }
  }
  crews.push_back(crew("all", std::move(others), section.all));
  give_gpu_tasks(crews);
  return crews;
}

Gpus gpus_of(const ExecutorKind& executor, const Sweep& sweep) {
  const std::vector<CrewOptions> crews = crews_of(executor, sweep);
  std::map<std::string, int> gpus;
  for (const StageSpec& stage : all_stages()) {
    const std::string name(stage.name);
    gpus[name] = executor.gpus(name, crews);
  }
  return Gpus(std::move(gpus));
}

}  // namespace latentgrid::cli
