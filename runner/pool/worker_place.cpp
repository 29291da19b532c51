#include "pool/worker_place.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/cores.hpp"
#include "pool/local_gpus.hpp"

namespace latentgrid {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

struct SchedulersJob {
  std::string scheduler, id;
};

// As Slurm prints it; other schedulers have one number.
SchedulersJob schedulers_job() {
  if (const std::string array = environment("SLURM_ARRAY_JOB_ID"); !array.empty()) return {"Slurm", array + "_" + environment("SLURM_ARRAY_TASK_ID")};
  constexpr const char* others[][2] = {{"Slurm", "SLURM_JOB_ID"}, {"PBS", "PBS_JOBID"}, {"LSF", "LSB_JOBID"}, {"Grid Engine", "JOB_ID"}};
  for (const auto& [scheduler, name] : others) {
    if (const std::string id = environment(name); !id.empty()) return {scheduler, id};
  }
  return {};
}

// Whether the scheduler binds processes to them or not.
int cores() {
  for (const char* name : {"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE", "NSLOTS", "LSB_DJOB_NUMPROC", "PBS_NCPUS", "NCPUS"}) {
    if (const int given = std::atoi(environment(name).c_str()); given > 0) return std::min(given, usable_cores());
  }
  return usable_cores();
}

template <typename Value>
void read(const Json& json, const char* name, Value& value) {
  try {
    if (json.contains(name)) value = json.at(name).get<Value>();
  } catch (const Json::exception&) {
  }
}

}  // namespace

WorkerPlace place_here(const std::string& crew, int index) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  const std::string node = environment("SLURMD_NODENAME");
  const auto [scheduler, id] = schedulers_job();
  return {.host = host, .node = node.empty() ? host : node, .cores = cores(), .gpus = visible_gpus(), .scheduler = scheduler, .scheduler_id = id, .crew = crew, .index = index};
}

Json to_json(const WorkerPlace& place) {
  return {{"host", place.host}, {"node", place.node}, {"cores", place.cores}, {"gpus", place.gpus}, {"scheduler", place.scheduler}, {"scheduler_id", place.scheduler_id},
          {"crew", place.crew}, {"index", place.index}};
}

WorkerPlace place_in(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  WorkerPlace place;
  if (!json.is_object()) return place;
  read(json, "host", place.host);
  read(json, "node", place.node);
  read(json, "cores", place.cores);
  read(json, "gpus", place.gpus);
  read(json, "scheduler", place.scheduler);
  read(json, "scheduler_id", place.scheduler_id);
  read(json, "crew", place.crew);
  read(json, "index", place.index);
  if (place.node.empty()) place.node = place.host;
  return place;
}

std::string in_words(const WorkerPlace& place) {
  std::string text = place.node.empty() ? "" : "on " + place.node;
  if (!place.scheduler_id.empty()) text += (text.empty() ? "(" : " (") + place.scheduler + " job " + place.scheduler_id + ")";
  return text;
}

}  // namespace latentgrid
