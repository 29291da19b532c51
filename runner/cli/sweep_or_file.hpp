#pragma once

#include <filesystem>
#include <string>

#include "db/results_db.hpp"
#include "launch/template_launcher.hpp"

namespace latentgrid::cli {

// For commands that take the name of a sweep or its file: which of the two was named.
bool is_file(const ResultsDb& db, const std::string& asked);

struct SweepFile {
  std::string text;
  std::string sweep;  // its name
};

// Throws UsageError where there is no such file, it has no name of a sweep, or its sweep has not been run. `command` took it.
SweepFile read_sweep_file(const ResultsDb& db, const std::filesystem::path& file, const std::string& command);

// What `status` and `cancel` are asked about. A file has the commands of the scheduler that its section `launcher:` names: they are
// run only where the user has named the file, as a results folder may come from anywhere.
struct AskedSweep {
  std::string name;  // "" where nothing was named
  LauncherTemplates commands;
};

// Throws UsageError, also where there is no such sweep.
AskedSweep asked_sweep(const ResultsDb& db, const std::string& asked, const std::string& command);

}  // namespace latentgrid::cli
