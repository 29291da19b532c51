#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "compare/job_comparison.hpp"
#include "compare/sweep_comparison.hpp"

namespace latentgrid::cli {

// As JSON with what is not UTF-8 replaced.
std::string json_line(const Json& json);

// What keeps the scores of two jobs or sweeps from being compared; "" if nothing does.
std::string doubt_text(const SameTruth& same);

// What was hashed differently: rows of stage, field, A and B, at most most_hashed_rows.
inline constexpr std::size_t most_hashed_rows = 12;
std::vector<std::vector<Cell>> hashed_rows(const HashedDifferences& hashed);
std::string more_hashed_text(const HashedDifferences& hashed);  // how many there are besides; "" if none

Json json_of(const SameTruth& same);
Json json_of(const HashedDifferences& hashed);  // {"fields", "gaps"}
Json json_of(const std::vector<ParameterDifference>& differences);
Json json_of(const std::optional<PairedDifference>& difference);
Json json_of(const std::optional<double>& value);
Cell cell_of(const std::optional<double>& value);
// A number stays one, so that it stands to the right; booleans and what a method chooses are words.
Cell cell_of(const std::string& parameter, const Json& value);

}  // namespace latentgrid::cli
