#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// The chains that a map asks for, each a panel: two dimensions unless told otherwise, and nothing else at their end;
// PCA and t-SNE's snapshots after 250, 500, 750 and 1000 iterations where it asks for none. A perplexity that is not
// written is the default, or the largest that `count` images allow. What cannot be had from points of `width` values,
// `count` of them, is an error at its position.
std::vector<std::vector<ReductionStep>> map_reductions(const FigureRequest& figure, std::int64_t width,
                                                       std::int64_t count, int gpus, Diagnostics& diagnostics);

// Why a map cannot show what the job's own reductions make of `count` images, if it cannot: it needs two dimensions.
// Without reductions that are the latents, where they have two values.
std::optional<std::string> why_not_mapped(const Job& job, std::int64_t count);

}  // namespace latentgrid
