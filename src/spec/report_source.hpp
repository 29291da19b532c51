#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// The `report:` section of a sweep file, for a report on jobs that have run: neither the grid nor the data set is read.
// Null without one. What is wrong goes to `diagnostics`; nothing is returned then.
std::optional<Json> read_report_section(const std::filesystem::path& file, const std::string& text,
                                        const SpecOptions& options, Diagnostics& diagnostics);

// The name of the sweep that this text describes; "" where it cannot be read.
std::string sweep_name_in(const std::string& text);

// How a sweep file differs from the text that was run, both with these --set options. Layout and comments do not count.
struct FileChanges {
  bool report = false;             // its report section
  bool class_names = false;        // of its dataset, which no job depends on
  bool rest = false;               // anything else
  std::set<std::string> figures_with_tasks;  // those that the text that was run has not like this
};
// Nothing where either cannot be read.
std::optional<FileChanges> changes_of_file(const std::string& now, const std::string& run,
                                           const std::vector<std::string>& sets);

}  // namespace latentgrid
