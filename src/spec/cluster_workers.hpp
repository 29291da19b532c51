#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "methods/parameter.hpp"
#include "spec/reader.hpp"
#include "spec/yaml.hpp"

namespace latentgrid {

// What the workers of one kind ask a cluster for. Empty: the cluster's default.
struct WorkerNeeds {
  std::int64_t workers = 4;  // at once
  std::int64_t cpus = 1;     // of each
  std::string memory;        // of each, as the scheduler writes it: 4G
  std::string time;          // after which the scheduler ends one: 2:00:00
  std::string partition, account, qos, gres;
  std::vector<std::string> extra;  // further arguments of the submitting command
  bool operator==(const WorkerNeeds&) const = default;
};

// What the sections `slurm:` and `launcher:` say of workers. Stages that one names have workers of their own, which take what it
// says for all unless they say otherwise.
struct ClusterWorkers {
  WorkerNeeds all;
  std::map<std::string, WorkerNeeds> of_stage;
  WorkerNeeds coordinator;  // of `run --detach`: where all run and who pays, but one CPU, no GPU, and times and memory of its own
};

// Name, type, default and description of each value, but for `extra`, which is a text or a list of texts.
const std::vector<ParamSpec>& worker_needs();

// `more`: further keys of this section, which are not read here.
ClusterWorkers read_cluster_workers(const YamlNode& node, const std::string& section, const std::vector<std::string>& more, Reader& reader);

}  // namespace latentgrid
