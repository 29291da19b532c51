#pragma once

#include <ATen/core/Tensor.h>

namespace latentgrid::nn {

// How many dimensions the rows of an n×D matrix use: the exponential of the entropy of its singular values, divided by their sum
// (RankMe, Garrido et al. 2023; as there nothing is centered, but without its constant of 1e-7 under the logarithm). From 1 for rows that are
// multiples of one to the smaller of n and D; 0 if all values are 0, NaN if one is not finite. On the CPU.
double effective_rank(const at::Tensor& rows);

}  // namespace latentgrid::nn
