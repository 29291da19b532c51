#pragma once

#include <cstdint>

#include "cli/commands.hpp"
#include "compare/sweep_comparison.hpp"

namespace latentgrid::cli {

// To stdout: table, md or json. At most `limit` settings; -1: all. What is left out is said on stderr.
void print(const SweepComparison& comparison, Format format, std::int64_t limit);

}  // namespace latentgrid::cli
