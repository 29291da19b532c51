#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace latentgrid::cli {

// What --help shows of a command, taken from its definition: the man page and the completion of command lines are made
// from this, so that neither can say anything else than the program does.
struct ArgumentHelp {
  std::vector<std::string> names;    // "-j", "--jobs"; of a positional argument its one name
  std::string value;                 // what it takes: "FILE", "DIR", "SWEEP", "JOB", ...; empty for a flag
  std::vector<std::string> choices;  // of a value written "table|json": each
  std::string description;
  std::string default_value;  // "" where none is shown
  bool required = false;
};

struct CommandHelp {
  std::string name, description;
  std::vector<ArgumentHelp> options, positionals;
  std::vector<CommandHelp> commands;
};

// Hidden commands (those of the group "") are left out.
CommandHelp describe(const CLI::App& app);

}  // namespace latentgrid::cli
