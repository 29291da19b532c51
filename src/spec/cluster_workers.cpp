#include "spec/cluster_workers.hpp"

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

constexpr const char* extra_key = "extra";
constexpr const char* coordinator_key = "coordinator";

template <typename Value>
Value& member(WorkerNeeds& needs, const std::string& name);

template <>
std::int64_t& member(WorkerNeeds& needs, const std::string& name) {
  return name == "workers" ? needs.workers : needs.cpus;
}

template <>
std::string& member(WorkerNeeds& needs, const std::string& name) {
  const std::map<std::string, std::string*> texts = {{"memory", &needs.memory}, {"time", &needs.time}, {"partition", &needs.partition},
                                                     {"account", &needs.account}, {"qos", &needs.qos}, {"gres", &needs.gres}};
  return *texts.at(name);
}

void read_value(const YamlNode& node, const ParamSpec& spec, WorkerNeeds& needs, Reader& reader) {
  const std::optional<Json> value = reader.parameter(node, spec);
  if (!value) return;
  if (spec.type == ParamType::integer) {
    member<std::int64_t>(needs, spec.name) = value->get<std::int64_t>();
  } else {
    member<std::string>(needs, spec.name) = value->get<std::string>();
  }
}

void read_needs(const YamlNode& map, WorkerNeeds& needs, Reader& reader) {
  for (const YamlEntry& entry : map.entries) {
    for (const ParamSpec& spec : worker_needs()) {
      if (spec.name == entry.key) read_value(entry.value, spec, needs, reader);
    }
    if (entry.key != extra_key) continue;
    needs.extra.clear();
    for (const YamlNode* item : items_of(entry.value)) {
      if (auto text = reader.text(*item, extra_key)) needs.extra.push_back(*text);
    }
  }
}

std::vector<std::string> known_keys() {
  std::vector<std::string> names = {extra_key};
  for (const ParamSpec& spec : worker_needs()) names.push_back(spec.name);
  return names;
}

// Those that have tasks of their own.
std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const StageSpec& stage : all_stages()) {
    if (!stage.is_cache) names.emplace_back(stage.name);
  }
  return names;
}

}  // namespace

const std::vector<ParamSpec>& worker_needs() {
  using namespace param;
  static const std::vector<ParamSpec> params = {
      at_most(integer("workers", 4, 1, "how many workers at once"), 100'000),
      at_most(integer("cpus", 1, 1, "CPUs of each (sbatch --cpus-per-task)"), 10'000),
      choice("memory", "", {}, "memory of each, such as 4G (--mem)"),
      choice("time", "", {}, "time limit of each, such as 2:00:00 (--time); a task that reaches it goes on in the next worker"),
      choice("partition", "", {}, "where they run (--partition)"),
      choice("account", "", {}, "which account pays (--account)"),
      choice("qos", "", {}, "quality of service (--qos)"),
      choice("gres", "", {}, "generic resources of each, such as gpu:1 (--gres)")};
  return params;
}

ClusterWorkers read_cluster_workers(const YamlNode& node, const std::string& name, const std::vector<std::string>& more, Reader& reader) {
  ClusterWorkers section;
  if (node.is_null()) return section;
  if (!reader.expect_map(node, name, "for example " + name + ": {workers: 8, time: 2:00:00}")) return section;
  std::vector<std::string> keys = known_keys();
  keys.insert(keys.end(), more.begin(), more.end());
  keys.emplace_back(coordinator_key);
  const std::vector<std::string> stages = stage_names();
  keys.insert(keys.end(), stages.begin(), stages.end());
  reader.check_keys(node, keys, name);
  read_needs(node, section.all, reader);
  const WorkerNeeds& all = section.all;
  section.coordinator = {.workers = 1, .partition = all.partition, .account = all.account, .qos = all.qos, .extra = all.extra};
  if (const YamlEntry* entry = node.find(coordinator_key);
      entry && reader.expect_map(entry->value, coordinator_key, "for example coordinator: {partition: long, time: 7-0}")) {
    reader.check_keys(entry->value, known_keys(), coordinator_key);
    read_needs(entry->value, section.coordinator, reader);
  }
  for (const std::string& stage : stages) {
    const YamlEntry* entry = node.find(stage);
    if (!entry || !reader.expect_map(entry->value, stage, "for example " + stage + ": {partition: gpu, gres: gpu:1}")) continue;
    reader.check_keys(entry->value, known_keys(), stage);
    WorkerNeeds& needs = section.of_stage[stage] = section.all;
    read_needs(entry->value, needs, reader);
  }
  return section;
}

}  // namespace latentgrid
