#include "spec/launcher_section.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace latentgrid {

namespace {

constexpr const char* states_key = "states";

std::string& command(LauncherCommands& commands, const std::string& name) {
  const std::map<std::string, std::string*> all = {{"submit", &commands.submit}, {"list", &commands.list},
                                                   {"columns", &commands.columns}, {"cancel", &commands.cancel}, {"check", &commands.check}};
  return *all.at(name);
}

void read_states(const YamlNode& node, LauncherCommands& commands, Reader& reader) {
  if (!reader.expect_map(node, states_key, "for example states: {qw: pending, r: running}")) return;
  for (const YamlEntry& entry : node.entries) {
    const std::optional<std::string> state = reader.text(entry.value, entry.key);
    if (!state) continue;
    const std::vector<std::string>& known = launcher_states();
    if (std::find(known.begin(), known.end(), *state) == known.end()) {
      reader.unknown(entry.value.where, "state", *state, known);
    }
    commands.states[entry.key] = *state;
  }
}

}  // namespace

const std::vector<ParamSpec>& launcher_commands() {
  using namespace param;
  static const std::vector<ParamSpec> params = {
      choice("submit", "", {}, "submits workers, with {name} and {script}; with {first} and {last} all at once, as an array"),
      choice("list", "", {}, "prints a line for each worker"),
      choice("columns", "", {}, "what these lines are made of, such as {id} {name} {index} {state}"),
      choice("cancel", "", {}, "cancels all workers of a {name}"),
      choice("check", "", {}, "fails where submit would, and submits nothing")};
  return params;
}

const std::vector<std::string>& launcher_states() {
  static const std::vector<std::string> states = {"pending", "running", "ending", "ended"};
  return states;
}

bool is_about_workers(std::string_view set) {
  const std::string_view section = set.substr(0, set.find_first_of(".="));
  return section == "slurm" || section == "launcher";
}

LauncherSection read_launcher(const YamlNode& node, Reader& reader) {
  LauncherSection section;
  if (node.is_null()) return section;
  std::vector<std::string> keys = {states_key};
  for (const ParamSpec& spec : launcher_commands()) keys.push_back(spec.name);
  section.workers = read_cluster_workers(node, "launcher", keys, reader);
  for (const ParamSpec& spec : launcher_commands()) {
    const YamlEntry* entry = node.find(spec.name);
    if (!entry) continue;
    if (const std::optional<std::string> text = reader.text(entry->value, spec.name)) command(section.commands, spec.name) = *text;
  }
  for (const char* needed : {"submit", "list", "columns", "cancel"}) {
    if (node.find(needed)) continue;
    reader.missing(node, needed, fmt::format("the launcher has no '{}'", needed), "docs/cluster.md has the commands of PBS, LSF and Grid Engine");
  }
  if (const YamlEntry* entry = node.find(states_key)) read_states(entry->value, section.commands, reader);
  return section;
}

LauncherCommands read_launcher_commands(const std::string& file, const std::string& text, Diagnostics& diagnostics) {
  diagnostics.add_source(file, text);
  const YamlNode root = parse_yaml(text, file, diagnostics);
  Reader reader(diagnostics);
  if (diagnostics.has_errors() || !reader.expect_map(root, "a sweep")) return {};
  const YamlEntry* entry = root.find("launcher");
  return entry ? read_launcher(entry->value, reader).commands : LauncherCommands();
}

}  // namespace latentgrid
