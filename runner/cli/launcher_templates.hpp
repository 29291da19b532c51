#pragma once

#include <string>

#include "launch/template_launcher.hpp"
#include "spec/launcher_section.hpp"

namespace latentgrid::cli {

LauncherTemplates commands_of(const LauncherCommands& commands);

const std::string& name_of(WorkerState state);  // as a sweep file calls it

}  // namespace latentgrid::cli
