#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "base/matrix.hpp"
#include "neighbors/affinities.hpp"
#include "reduce/tsne_grid.hpp"
#include "reduce/tsne_repulsion.hpp"

namespace latentgrid {

enum class TsneInit { pca, random };
enum class TsneRepulsion { automatic, exact, grid };

// Defaults are those of sklearn.manifold.TSNE 1.2, but for the early stop, which is off.
struct TsneOptions {
  std::int64_t dim = 2;
  double perplexity = 30;
  double early_exaggeration = 12;                    // factor of the affinities in the first phase
  std::int64_t early_exaggeration_iterations = 250;  // length of the first phase
  double learning_rate = 0;                          // 0: max(points / early_exaggeration / 4, 50)
  double initial_momentum = 0.5;                     // in the first phase
  double final_momentum = 0.8;                       // afterwards
  TsneInit init = TsneInit::pca;
  std::int64_t seed = 0;                         // of the random start
  double min_gradient_norm = 0;                  // stop at a gradient (times gains) not above it; 0: never
  std::int64_t iterations_without_progress = 0;  // stop after more than so many without a smaller divergence; 0: never
  // Over all pairs of points, or by interpolation on a grid (see tsne_grid.hpp), which takes one or two dimensions.
  // automatic: a grid above most_points_for_exact_tsne (methods/tsne.hpp) where it can be had.
  TsneRepulsion repulsion = TsneRepulsion::automatic;
  int threads = 1;  // changes no bit of the result
  RepulsionKernel exact_repulsion = {};  // in place of tsne_repulsion(): where the pairs are on a GPU
};

bool tsne_uses_grid(const TsneOptions& options, std::int64_t points);

double tsne_learning_rate(const TsneOptions& options, std::int64_t points);

// The start: the first `dim` principal components, or normal random numbers; scaled to a standard deviation of 1e-4 of
// the first coordinate. Throws Error if there are too few components, or no variance.
MatrixRf tsne_start(ConstMatrixRef points, const TsneOptions& options);

// Everything that decides how a run continues.
struct TsneState {
  MatrixRf embedding, velocity, gains;                               // points × dim
  std::int64_t iteration = 0;                                        // steps done
  double best_divergence = std::numeric_limits<double>::infinity();  // of this phase, where an early stop was asked for
  std::int64_t best_iteration = 0;
  std::int64_t stopped_at = 0;        // by an early stop; 0: it runs
  double divergence_exaggerated = 0;  // KL divergence with plain affinities at the end of the first phase; 0 before it
};

// t-distributed stochastic neighbor embedding (van der Maaten and Hinton 2008) to any dimension. Attraction runs over
// the given sparse affinities, repulsion over all pairs of points (O(n²·dim) an iteration) or a grid. The gradient descent is scikit-learn 1.2's: gains + 0.2 or × 0.8, at least 0.01; velocity and gains start
// anew after the first phase. The gradient is that of the KL divergence for every number of degrees of freedom;
// scikit-learn's differs from dim 3 on, where it uses (1 + d²/ν)^(-(ν+1)/2) in place of (1 + d²/ν)^-1.
//
// Nothing depends on how far the run will go. The bits depend on affinities, start and options alone: not on the number
// of threads, on interruptions, or on the SIMD instruction set (no fused multiply-adds, eight running sums on every
// machine). Not thread-safe.
class Tsne {
 public:
  // Throws Error unless the start has a row for each row of the affinities, and options.dim columns; or for a grid in
  // more than two dimensions.
  Tsne(SparseRows affinities, MatrixRf start, const TsneOptions& options);
  Tsne(SparseRows affinities, TsneState state, const TsneOptions& options);  // goes on

  // Steps until iteration() == iteration, or an early stop that was asked for. `progress(iteration)` is called after
  // each step and may throw: the state is then that of the completed step. Throws DivergedError once a coordinate isn't
  // finite.
  void run_until(std::int64_t iteration, const std::function<void(std::int64_t)>& progress = {});

  void set_threads(int threads);
  std::int64_t iteration() const { return state_.iteration; }
  const TsneState& state() const { return state_; }

  // Of the current embedding, with plain affinities.
  double kl_divergence() const;
  bool uses_grid() const { return grid_.has_value(); }
  // Of kl_divergence() with the affinities times `exaggeration` in the attraction; points × dim.
  MatrixRf gradient(double exaggeration = 1) const;

 private:
  Repulsion repulsion() const;
  void step();
  void start_second_phase();
  void check_early_stop(double gradient_norm);

  SparseRows affinities_;
  TsneOptions options_;
  double learning_rate_;
  TsneState state_;
  mutable std::optional<TsneGrid> grid_;  // keeps what doesn't change between iterations
};

}  // namespace latentgrid
