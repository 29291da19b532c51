#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// The chains that a map asks for, each a panel: two dimensions unless told otherwise, and nothing else at their end;
// PCA and t-SNE's snapshots after 250, 500, 750 and 1000 iterations where it asks for none. What cannot be had from
// points of `width` values, `count` of them, is an error at its position.
std::vector<std::vector<ReductionStep>> map_reductions(const FigureRequest& figure, std::int64_t width,
                                                       std::int64_t count, Diagnostics& diagnostics);

// Whether a map can show what the job's own reductions make of `count` images: two dimensions. Without reductions that are
// the latents, where they have two values.
bool can_be_mapped(const Job& job, std::int64_t count);

}  // namespace latentgrid
