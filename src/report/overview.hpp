#pragma once

#include <string>
#include <vector>

#include "report/report_data.hpp"

namespace latentgrid {

// One line of the box above a report, or a few: ("images", {"2000 of 32×32×1, all labelled"}).
struct OverviewEntry {
  std::string name;
  std::vector<std::string> lines;
  bool detail = false;  // what all jobs have in common, and layers: for who asks
};

// What a sweep was made of: its jobs by state, the data set, what varies, the parameters that are the same for all, each
// architecture with its layers, when and by which version it was run. Layers are known of what has been trained.
std::vector<OverviewEntry> overview(const ReportData& data);

}  // namespace latentgrid
