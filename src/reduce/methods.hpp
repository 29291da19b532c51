#pragma once

#include "reduce/reduction.hpp"

// The methods that the registry knows, one file each.
namespace latentgrid {

std::unique_ptr<Reduction> make_pca(const ReductionInput& input);
std::unique_ptr<Reduction> make_tsne(const ReductionInput& input);

}  // namespace latentgrid
