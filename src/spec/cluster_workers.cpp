#include "spec/cluster_workers.hpp"

#include <fmt/format.h>

#include <regex>

#include "methods/stages.hpp"

namespace latentgrid {

namespace {

constexpr const char* extra_key = "extra";
constexpr const char* coordinator_key = "coordinator";

// What sbatch takes, so that it need not be asked.
struct SlurmForm {
  std::string_view name;
  const char* pattern;  // in any case
  std::string_view what, hint;
};

constexpr SlurmForm slurm_forms[] = {
    {"memory", "[0-9]+([kmgt]b?)?", "a whole number with K, M, G or T behind it", "for example 4G; without a letter it is in MiB, as Slurm has it"},
    {"time", "([0-9]+-)?[0-9]+(:[0-9]+){0,2}|[0-9]+-|-1|unlimited|infinite", "a time as Slurm writes it",
     "minutes, hours:minutes:seconds or days-hours:minutes:seconds, for example 90, 1:30:00 or 2-12:00:00"}};

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

void check_slurm_form(const YamlNode& node, const std::string& name, const std::string& text, Reader& reader) {
  for (const SlurmForm& form : slurm_forms) {
    if (form.name != name || text.empty() || std::regex_match(text, std::regex(form.pattern, std::regex::icase))) continue;
    reader.error(node.where, fmt::format("{} expects {}, got '{}'", name, form.what, text), std::string(form.hint));
  }
}

void read_value(const YamlNode& node, const ParamSpec& spec, bool is_slurm, WorkerNeeds& needs, Reader& reader) {
  const std::optional<Json> value = reader.parameter(node, spec);
  if (!value) return;
  if (spec.type == ParamType::integer) {
    member<std::int64_t>(needs, spec.name) = value->get<std::int64_t>();
  } else {
    std::string& text = member<std::string>(needs, spec.name) = value->get<std::string>();
    if (is_slurm) check_slurm_form(node, spec.name, text, reader);
  }
}

void read_needs(const YamlNode& map, bool is_slurm, WorkerNeeds& needs, Reader& reader) {
  for (const YamlEntry& entry : map.entries) {
    for (const ParamSpec& spec : worker_needs()) {
      if (spec.name == entry.key) read_value(entry.value, spec, is_slurm, needs, reader);
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
  const bool is_slurm = name == "slurm";  // other schedulers write times and sizes differently
  read_needs(node, is_slurm, section.all, reader);
  const WorkerNeeds& all = section.all;
  section.coordinator = {.workers = 1, .partition = all.partition, .account = all.account, .qos = all.qos, .extra = all.extra};
  if (const YamlEntry* entry = node.find(coordinator_key);
      entry && reader.expect_map(entry->value, coordinator_key, "for example coordinator: {partition: long, time: 7-0}")) {
    reader.check_keys(entry->value, known_keys(), coordinator_key);
    read_needs(entry->value, is_slurm, section.coordinator, reader);
  }
  for (const std::string& stage : stages) {
    const YamlEntry* entry = node.find(stage);
    if (!entry || !reader.expect_map(entry->value, stage, "for example " + stage + ": {partition: gpu, gres: gpu:1}")) continue;
    reader.check_keys(entry->value, known_keys(), stage);
    WorkerNeeds& needs = section.of_stage[stage] = section.all;
    read_needs(entry->value, is_slurm, needs, reader);
  }
  return section;
}

}  // namespace latentgrid
