#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace latentgrid {

// Lists of integers as numpy writes them: .npy of shape N or N×1, or IDX / IDX.gz of one dimension. All throw InputError naming
// the file, what is wrong with it and what to do.

// Of any integer type, booleans, or floats that are whole numbers. 0 or more; -1 is 'no label'.
std::vector<std::int64_t> read_label_file(const std::filesystem::path& path);

// Which of `images` are meant: their numbers, of any integer type, or booleans, one an image (a mask).
std::vector<std::int64_t> read_index_file(const std::filesystem::path& path, std::int64_t images);

}  // namespace latentgrid
