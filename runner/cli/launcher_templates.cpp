#include "cli/launcher_templates.hpp"

#include <algorithm>
#include <vector>

namespace latentgrid::cli {

LauncherTemplates commands_of(const LauncherCommands& commands) {
  LauncherTemplates templates{commands.submit, commands.list, commands.columns, commands.cancel, commands.check, {}};
  const std::vector<std::string>& names = launcher_states();
  for (const auto& [word, state] : commands.states) {
    templates.states[word] = static_cast<WorkerState>(std::find(names.begin(), names.end(), state) - names.begin());
  }
  return templates;
}

const std::string& name_of(WorkerState state) { return launcher_states().at(static_cast<std::size_t>(state)); }

}  // namespace latentgrid::cli
