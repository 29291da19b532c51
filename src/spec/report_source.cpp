#include "spec/report_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "columns/figure_kinds.hpp"
#include "spec/architectures.hpp"
#include "spec/built_in_architectures.hpp"
#include "spec/report_section.hpp"
#include "spec/set.hpp"

namespace latentgrid {

namespace {

// What a node says, without its place.
Json content_of(const YamlNode& node) {
  if (node.is_scalar()) return {node.text, node.quoted};
  Json parts = Json::array({node.kind_name()});
  for (const YamlNode& item : node.items) parts.push_back(content_of(item));
  for (const YamlEntry& entry : node.entries) parts.push_back({entry.key, content_of(entry.value)});
  return parts;
}

std::optional<YamlNode> root_of(const std::string& text, const std::vector<std::string>& sets) {
  Diagnostics unheard;
  YamlNode root = parse_yaml(text, "", unheard);
  for (const std::string& set : sets) apply_set(root, set, unheard);
  if (unheard.has_errors() || !root.is_map()) return std::nullopt;
  return root;
}

// The figures that have tasks of their own, by name, with all that decides on the tasks. Empty where a file lists none: then
// there are the default ones.
std::map<std::string, Json> figures_with_tasks(const YamlNode& root) {
  std::map<std::string, Json> found;
  const YamlEntry* report = root.find("report");
  const YamlEntry* figures = report && report->value.is_map() ? report->value.find("figures") : nullptr;
  if (!figures) {
    for (const FigureKind& kind : figure_kinds()) {  // one that is not there may have nothing to show
      if (kind.own_tasks == OwnTasks::always) found[kind.name] = "default";
    }
    return found;
  }
  for (const YamlNode* item : items_of(figures->value)) {
    const bool has_parameters = item->is_map() && item->entries.size() == 1;
    const std::string kind = has_parameters ? item->entries[0].key : item->text;
    if (!figure_has_tasks(kind)) continue;
    std::string name = kind;
    YamlNode parameters = has_parameters ? item->entries[0].value : YamlNode();
    if (const YamlEntry* own = parameters.find("name")) name = own->value.text;
    std::erase_if(parameters.entries, [](const YamlEntry& entry) { return entry.key == "name" || entry.key == "title"; });
    const bool plain = parameters.entries.empty();
    found[name] = {kind, plain ? Json() : content_of(parameters)};
  }
  return found;
}

const YamlEntry* class_names_of(const YamlNode& root) {
  const YamlEntry* dataset = root.find("dataset");
  return dataset ? dataset->value.find("class_names") : nullptr;
}

Json rest_of(const YamlNode& root) {
  YamlNode rest = root;
  if (YamlEntry* dataset = rest.find("dataset")) {
    std::erase_if(dataset->value.entries, [](const YamlEntry& entry) { return entry.key == "class_names"; });
  }
  std::erase_if(rest.entries, [](const YamlEntry& entry) { return entry.key == "report"; });
  return content_of(rest);
}

Json report_of(const YamlNode& root) {
  const YamlEntry* report = root.find("report");
  return report ? content_of(report->value) : Json();
}

}  // namespace

std::optional<Json> read_report_section(const std::filesystem::path& file, const std::string& text,
                                        const SpecOptions& options, Diagnostics& diagnostics) {
  Sweep sweep;
  sweep.file = file.string();
  diagnostics.add_source(sweep.file, text);
  YamlNode root = parse_yaml(text, sweep.file, diagnostics);
  for (const std::string& option : options.sets) apply_set(root, option, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  Reader reader(diagnostics);
  if (!reader.expect_map(root, "a sweep")) return std::nullopt;
  sweep.name = sweep_name_in(text);
  sweep.architectures = built_in_architectures();
  if (auto* entry = root.find("architectures")) read_architectures(entry->value, sweep, reader);
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (auto* entry = root.find("report")) read_report(entry->value, folder, options.data, sweep, reader);
  if (diagnostics.has_errors()) return std::nullopt;
  return sweep.report;
}

std::string sweep_name_in(const std::string& text) {
  const std::optional<YamlNode> root = root_of(text, {});
  const YamlEntry* name = root ? root->find("name") : nullptr;
  return name ? name->value.text : "";
}

std::optional<FileChanges> changes_of_file(const std::string& now, const std::string& run,
                                           const std::vector<std::string>& sets) {
  if (now == run) return FileChanges();
  const std::optional<YamlNode> file = root_of(now, sets), recorded = root_of(run, sets);
  if (!file || !recorded) return std::nullopt;
  FileChanges changes;
  changes.report = report_of(*file) != report_of(*recorded);
  const YamlEntry *names = class_names_of(*file), *recorded_names = class_names_of(*recorded);
  changes.class_names = (names ? content_of(names->value) : Json()) != (recorded_names ? content_of(recorded_names->value) : Json());
  changes.rest = rest_of(*file) != rest_of(*recorded);
  const std::map<std::string, Json> were = figures_with_tasks(*recorded);
  for (const auto& [name, figure] : figures_with_tasks(*file)) {
    auto same = were.find(name);
    if (same == were.end() || same->second != figure) changes.figures_with_tasks.insert(name);
  }
  return changes;
}

}  // namespace latentgrid
