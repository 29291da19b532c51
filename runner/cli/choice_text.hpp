#pragma once

#include <vector>

#include "base/json.hpp"
#include "measures/choice.hpp"

namespace latentgrid::cli {

// How the measures would have chosen among these jobs, with its sentences.
Json json_of(const std::vector<const ResultRow*>& jobs, const LabelledChoice& choice);

}  // namespace latentgrid::cli
