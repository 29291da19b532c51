#pragma once

#include <cstdint>
#include <string_view>

namespace latentgrid {

// Whether a t-SNE's repulsion is by interpolation on a grid: where it must be, or where `auto` leaves the choice and there are
// so many points in one or two dimensions that a grid is faster than all pairs.
constexpr std::int64_t most_points_for_exact_tsne = 4000;
constexpr bool tsne_takes_grid(std::string_view repulsion, std::int64_t dim, std::int64_t points) {
  return repulsion == "grid" || (repulsion == "auto" && dim <= 2 && points > most_points_for_exact_tsne);
}

}  // namespace latentgrid
