#include "cli/sweep_or_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/text_file.hpp"
#include "cli/launcher_templates.hpp"
#include "cli/open_results.hpp"
#include "db/queries.hpp"
#include "spec/report_source.hpp"

namespace latentgrid::cli {

namespace fs = std::filesystem;

bool is_file(const ResultsDb& db, const std::string& asked) {
  if (asked.find_first_of("./") != std::string::npos) return true;  // neither can be part of a name
  const std::vector<std::string> names = sweep_names(db);
  std::error_code none;
  return std::find(names.begin(), names.end(), asked) == names.end() && fs::is_regular_file(asked, none);
}

SweepFile read_sweep_file(const ResultsDb& db, const fs::path& file, const std::string& command) {
  std::error_code none;
  if (!fs::is_regular_file(file, none)) {
    throw UsageError(fmt::format("no such file: {}\n  hint: {} takes the name of a sweep, or its file", file.string(), command));
  }
  const std::string text = read_text_file(file);
  const std::string name = sweep_name_in(text);
  if (name.empty()) {
    throw UsageError(fmt::format("{0} has no name of a sweep that could be read: `latentgrid validate {0}` says what is wrong", file.string()));
  }
  const std::vector<std::string> names = sweep_names(db);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw UsageError(fmt::format("sweep '{}' has not been run: `latentgrid run {}` runs it", name, file.string()));
  }
  return {text, name};
}

AskedSweep asked_sweep(const ResultsDb& db, const std::string& asked, const std::string& command) {
  if (asked.empty()) return {};
  if (!is_file(db, asked)) {
    require_sweep(db, asked);
    return {asked, {}};
  }
  const SweepFile file = read_sweep_file(db, asked, command);
  Diagnostics diagnostics;
  const LauncherCommands commands = read_launcher_commands(asked, file.text, diagnostics);
  if (diagnostics.has_errors()) {
    fmt::print(stderr, "{}", diagnostics.render());
    throw UsageError(fmt::format("the section launcher of {} has errors", asked));
  }
  return {file.sweep, commands_of(commands)};
}

}  // namespace latentgrid::cli
