#pragma once

#include <cstdint>
#include <string_view>

namespace latentgrid {

// Whether a t-SNE's repulsion is by a grid, as reduce/tsne.hpp's tsne_uses_grid decides, which the plan doesn't link.
inline bool tsne_takes_grid(std::string_view repulsion, std::int64_t dim, std::int64_t images) {
  constexpr std::int64_t most_for_exact = 4000;  // tsne_grid_points
  return repulsion == "grid" || (repulsion == "auto" && dim <= 2 && images > most_for_exact);
}

}  // namespace latentgrid
