#pragma once

#include <string>

#include "reduce/tsne_repulsion.hpp"

namespace latentgrid::nn {

// What tsne_repulsion() of reduce/ computes, by LibTorch on a device ("cuda:0"): float32, rows of pairs at a time,
// about 1 GiB of the device's memory; equal bits on the same device. Throws Error if the device can't be used.
Repulsion tsne_repulsion(const MatrixRf& embedding, const std::string& device);

}  // namespace latentgrid::nn
