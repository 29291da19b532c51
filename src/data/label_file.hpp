#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace latentgrid {

// A list of integers (labels, indices): .npy of any integer type with shape N or N×1, or IDX / IDX.gz of one dimension.
// Throws Error naming the file and what is wrong.
std::vector<std::int64_t> read_integers(const std::filesystem::path& path);

}  // namespace latentgrid
