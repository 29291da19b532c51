#pragma once

#include <cstdint>
#include <string>

#include "cli/commands.hpp"
#include "report/job_comparison.hpp"
#include "report/sweep_comparison.hpp"

namespace latentgrid::cli {

// To stdout: table, md or json.
void print(const JobComparison& comparison, Format format);
// At most `limit` settings; -1: all. What is left out is said on stderr.
void print(const SweepComparison& comparison, Format format, std::int64_t limit);

// "AE1(64) + PCA(dim = 32), 20 epochs, kmeans k = 10, seed 0"
std::string job_text(const ResultRow& row);
// "1 setting", "2 settings"
std::string counted(std::int64_t number, const std::string& noun);
// As JSON with what is not UTF-8 replaced.
std::string json_line(const Json& json);

Json to_json(const SameTruth& same);
Json to_json(const std::vector<ParameterDifference>& differences);
Json to_json(const std::optional<PairedDifference>& difference);

}  // namespace latentgrid::cli
