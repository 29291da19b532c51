#pragma once

#include <string>

namespace latentgrid::cli {

// Completion for "bash", "zsh" or "fish". The scripts know no command: they ask `latentgrid complete -- WORDS...`, which
// prints a candidate a line, a tab and its description; a line ":files" or ":folders" leaves paths to the shell.
const char* completion_script(const std::string& shell);

}  // namespace latentgrid::cli
