#pragma once

#include <map>
#include <string>
#include <string_view>

#include "methods/parameter.hpp"
#include "spec/cluster_workers.hpp"

namespace latentgrid {

// The commands of a scheduler, as the section `launcher:` names them. What they mean is said in launch/template_launcher.hpp.
struct LauncherCommands {
  std::string submit, list, columns, cancel, check;
  std::map<std::string, std::string> states;  // a word of the scheduler's -> pending, running, ending or ended
};

struct LauncherSection {
  ClusterWorkers workers;
  LauncherCommands commands;
};

// Name and description of each command, all texts.
const std::vector<ParamSpec>& launcher_commands();
// What `states` may say.
const std::vector<std::string>& launcher_states();

// Whether a `--set` such as "slurm.workers=8" only says where the work is done, and nothing of the work.
bool is_about_workers(std::string_view set);

LauncherSection read_launcher(const YamlNode& node, Reader& reader);

// The commands of a sweep file, for who asks its scheduler: nothing else of the file is read. Empty where it has no section
// `launcher:`. What is wrong goes to `diagnostics`.
LauncherCommands read_launcher_commands(const std::string& file, const std::string& text, Diagnostics& diagnostics);

}  // namespace latentgrid
