#pragma once

#include <cstdint>
#include <string>

#include "db/details.hpp"

namespace latentgrid::cli {

// What a task of a job's path does: "train AE1 seed 0", "cluster AE2 tsne 2-D kmeans seed 0". `step`: which of the reduction's
// steps it is, "reduce AE1 pca 50-D seed 0" of pca50+tsne.
std::string task_words(const ResultRow& job, const std::string& stage, std::int64_t step);

}  // namespace latentgrid::cli
