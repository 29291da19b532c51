#pragma once

#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// One table; what report/table_spec.hpp reads. Adds the conditions on its jobs to `jobs`, and the parameters that its
// columns name to `parameters`.
Json read_report_table(const YamlNode& node, const std::string& default_name, Reader& reader,
                       std::vector<TableJobs>& jobs, std::vector<ReportParameter>& parameters);

}  // namespace latentgrid
