#pragma once

#include <string_view>

namespace latentgrid {

// What a reason of Slurm's comes to, why a job waits or how it has ended (`man squeue`, JOB REASON CODES).
struct SlurmReason {
  std::string_view pattern;  // of fnmatch(3)
  bool stuck = false;        // such a job won't start unless somebody acts: "PartitionTimeLimit", but not "Resources"
  std::string_view meaning;
  std::string_view remedy;
};

// With empty texts for a reason that is not known. Thread-safe.
const SlurmReason& find_slurm_reason(std::string_view reason);

}  // namespace latentgrid
