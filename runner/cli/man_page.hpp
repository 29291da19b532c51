#pragma once

#include <string>

#include "cli/command_tree.hpp"

namespace latentgrid::cli {

// latentgrid(1) in the macros of man(7), with every command and option.
std::string man_page(const CommandHelp& program, const std::string& version);

}  // namespace latentgrid::cli
