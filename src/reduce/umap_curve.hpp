#pragma once

namespace latentgrid {

// 1 / (1 + a·d^(2b)): in how far points of this distance in the embedding belong together.
struct UmapCurve {
  double a = 0, b = 0;
};
// The least squares fit to a curve that is 1 up to min_dist and falls with exp(-(d - min_dist) / spread) from there on:
// umap-learn's find_ab_params(), at the same 300 distances up to 3·spread. Throws Error where there is none.
UmapCurve fit_umap_curve(double min_dist, double spread);

}  // namespace latentgrid
