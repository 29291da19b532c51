#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/gpus.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// The chains that a map asks for, each a panel: two dimensions unless told otherwise, and nothing else at their end; where it
// asks for none, the methods that are on maps by default. A default that `count` images do not allow gives way to a value that
// they do. What cannot be had from points of `width` values, `count` of them, is an error at its position.
std::vector<Chain> map_reductions(const FigureRequest& figure, std::int64_t width, std::int64_t count, const Gpus& gpus,
                                  Diagnostics& diagnostics);

// Why a map cannot show what the job's own reductions make of `count` images, if it cannot: it needs two dimensions.
// Without reductions that are the latents, where they have two values.
std::optional<std::string> why_not_mapped(const Job& job, std::int64_t count);

}  // namespace latentgrid
