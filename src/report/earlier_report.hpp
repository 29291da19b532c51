#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace latentgrid {

// The names of the tables and figures in a report.html that this program wrote; none where there is no such page.
struct EarlierReport {
  std::set<std::string> tables, figures;
};

EarlierReport read_earlier_report(const std::filesystem::path& page);

}  // namespace latentgrid
