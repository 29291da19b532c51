#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/matrix.hpp"
#include "score/silhouette.hpp"

namespace latentgrid {

// The kernel of distances is Highway's, which no other command of the coordinator needs: silhouettes() is in a shared
// library of its own, latentgrid-silhouettes.so, which is loaded when somebody asks for them.
struct SilhouetteLibrary {
  std::vector<std::optional<double>> (*silhouettes)(ConstMatrixRef points,
                                                    const std::vector<std::vector<std::int32_t>>& clusterings,
                                                    int threads, const WorkProgress& progress);
};

// Throws Error if it cannot be loaded. Thread-safe.
const SilhouetteLibrary& silhouette_library();

}  // namespace latentgrid
