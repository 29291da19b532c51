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

// The section `slurm:`. Stages that it names have workers of their own, which take what it says for all unless they say otherwise.
struct SlurmSection {
  WorkerNeeds all;
  std::map<std::string, WorkerNeeds> of_stage;
};

// Name, type, default and description of each value, but for `extra`, which is a text or a list of texts.
const std::vector<ParamSpec>& worker_needs();

SlurmSection read_slurm(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
