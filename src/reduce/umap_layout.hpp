#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/matrix.hpp"
#include "neighbors/affinities.hpp"
#include "reduce/umap_curve.hpp"

namespace latentgrid {

// Defaults are umap-learn 0.5.3's.
struct UmapLayoutOptions {
  std::int64_t epochs = 500;
  UmapCurve curve;
  double learning_rate = 1;  // falls to 0 over the epochs
  double repulsion_strength = 1;
  std::int64_t negative_sample_rate = 5;
  std::int64_t seed = 0;
  int threads = 1;  // changes no bit of the result
};

// UMAP's optimization of the cross entropy between the graph and the embedding by stochastic gradient descent (McInnes,
// Healy and Melville 2018). An edge is pulled together every max(values) / value epochs, at either end, and its point is then
// pushed from `negative_sample_rate` others.
//
// umap-learn takes the edges one after the other. Here the points are divided at random into blocks, and a pair of blocks is a
// unit of work: its edges run in batches of 16, which see the points as they were before, and their negative samples are
// points of the two blocks, which are a random sample of all. Pairs without a block in common run at once, each as soon as what
// either block has before it is done. What is computed depends on the number of points alone, so bits don't depend on threads or the
// SIMD instruction set. Not thread-safe.
class UmapLayout {
 public:
  // `start`: points × dim. Throws Error unless it has a row for each row of the graph.
  UmapLayout(const SparseRows& graph, const MatrixRf& start, const UmapLayoutOptions& options);
  ~UmapLayout();

  // Epochs until epoch() == epoch. `progress(epoch)` is called after every one to eight of them, the last included, and may throw.
  void run_until(std::int64_t epoch, const std::function<void(std::int64_t)>& progress = {});
  std::int64_t epoch() const;
  MatrixRf embedding() const;
  void set_threads(int threads);

  // What decides how a run goes on, besides the graph and the options.
  void resume(const MatrixRf& embedding, std::int64_t epoch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace latentgrid
