#pragma once

#include "cli/commands.hpp"
#include "compare/job_comparison.hpp"

namespace latentgrid::cli {

// To stdout: table, md or json.
void print(const JobComparison& comparison, Format format);

}  // namespace latentgrid::cli
