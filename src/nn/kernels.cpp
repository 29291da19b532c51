#include "nn/kernels.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "nn/tsne_kernel.hpp"

namespace latentgrid::nn {

KernelResult run_kernel(std::string_view name, const MatrixRf& input, const std::string& device) {
  if (name == "tsne_repulsion") {
    Repulsion repulsion = tsne_repulsion(input, device);
    return {std::move(repulsion.forces), repulsion.normalizer};
  }
  throw Error(fmt::format("no kernel for a GPU is called '{}'", name));
}

}  // namespace latentgrid::nn
