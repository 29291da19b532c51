#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "methods/method.hpp"

namespace latentgrid {

// What refinements have in common: the clusters, the batches, when the targets are computed anew, when they stop. `optimizer` and
// `learning_rate` are those of the paper; `own` parameters follow.
MethodSpec refinement(std::string_view optimizer, double learning_rate, double momentum, std::vector<ParamSpec> own = {});

// k-means starts of the first centers, as in the papers. Refinements begin with the default clustering: when its version is raised, raise theirs.
inline constexpr std::int64_t refinement_starts = 20;

}  // namespace latentgrid
