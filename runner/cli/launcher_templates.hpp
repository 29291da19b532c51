#pragma once

#include "launch/template_launcher.hpp"
#include "spec/launcher_section.hpp"

namespace latentgrid::cli {

LauncherTemplates commands_of(const LauncherCommands& commands);

}  // namespace latentgrid::cli
