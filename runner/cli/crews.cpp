#include "cli/crews.hpp"

#include "methods/stages.hpp"

namespace latentgrid::cli {

namespace {

CrewOptions crew(std::string name, std::vector<std::string> stages, const WorkerNeeds& needs) {
  CrewOptions options;
  options.name = std::move(name);
  options.stages = std::move(stages);
  options.workers = static_cast<int>(needs.workers);
  options.resources = {.partition = needs.partition, .account = needs.account, .qos = needs.qos, .gres = needs.gres,
                       .cpus = static_cast<int>(needs.cpus), .memory = needs.memory, .time = needs.time, .extra = needs.extra};
  return options;
}

}  // namespace

std::vector<CrewOptions> crews_of(const SlurmSection& section) {
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
  return crews;
}

}  // namespace latentgrid::cli
