#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.hpp"
#include "reduce/grid_convolution.hpp"
#include "reduce/grid_points.hpp"
#include "reduce/tsne_repulsion.hpp"

namespace latentgrid {

// The repulsion of t-SNE in one or two dimensions by interpolation on a regular grid: points are spread onto it, the sums
// over all pairs of its nodes are a convolution, and potential and forces are read back at the points. The idea is that of
// FIt-SNE (Linderman et al. 2019); spreading by B-splines of order 6, and forces as the derivative of the one potential
// Σ_j 1/(1 + |y_i - y_j|²), are those of smooth particle mesh Ewald (Essmann et al. 1995). O(points + nodes·log(nodes)).
//
// Nodes are GridPoints::spacing apart in units of the embedding, whatever its extent, so the error doesn't grow with it: about
// 3e-4 of the forces' norm, 1e-2 while the embedding is narrower than a node and the forces are next to nothing. Bits depend on
// neither the number of threads nor the instruction set. Not thread-safe: keeps the kernel's transform for the next call.
class TsneGrid {
 public:
  explicit TsneGrid(int threads);

  void set_threads(int threads) { threads_ = threads; }

  // Whether so wide an embedding still fits: at most 3072 nodes an axis.
  static bool fits(const MatrixRf& embedding);

  // Throws Error unless the embedding has one or two columns and fits.
  Repulsion repulsion(const MatrixRf& embedding);

 private:
  struct Reading {
    float potential, slope_x, slope_y;
  };

  void spread();
  Reading read(const GridPoints::Point& point) const;

  int threads_;
  GridPoints points_;
  GridConvolution convolution_;
  std::int64_t nodes_x_ = 0, nodes_y_ = 0, pitch_ = 0;
  std::vector<float> grid_;  // nodes_x × pitch
};

}  // namespace latentgrid
