#pragma once

#include <vector>

#include "pool/executor.hpp"
#include "spec/slurm_section.hpp"

namespace latentgrid::cli {

// The workers that a sweep's section `slurm` asks for: a crew for each stage that has needs of its own, and one for all others.
std::vector<CrewOptions> crews_of(const SlurmSection& section);

}  // namespace latentgrid::cli
