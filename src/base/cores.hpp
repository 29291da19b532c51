#pragma once

#include <filesystem>

namespace latentgrid {

// How many processor cores this process may use: those of its affinity mask (taskset, a batch system), no more than the
// processor time that its control groups and those above allow (cpu.max, or cpu.cfs_quota_us of version 1; a part of a
// core counts as one). At least 1. `root` is where proc/ and sys/ lie.
int usable_cores(const std::filesystem::path& root = "/");

}  // namespace latentgrid
