#include "reduce/tsne.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/random.hpp"
#include "methods/tsne.hpp"
#include "reduce/pca.hpp"
#include "reduce/reduction.hpp"
#include "reduce/tsne_attraction.hpp"

namespace latentgrid {

namespace {

constexpr double start_deviation = 1e-4;
constexpr float gain_increase = 0.2f, gain_decay = 0.8f, min_gain = 0.01f;
constexpr std::int64_t early_stop_interval = 50;  // iterations between two looks at the progress, as in scikit-learn

MatrixRf random_start(std::int64_t points, const TsneOptions& options) {
  RandomStream random(options.seed, "tsne");
  MatrixRf start(points, options.dim);
  for (Eigen::Index i = 0; i < start.size(); ++i)
    start.data()[i] = static_cast<float>(start_deviation * random.normal());
  return start;
}

TsneState initial_state(MatrixRf start) {
  TsneState state;
  state.velocity = MatrixRf::Zero(start.rows(), start.cols());
  state.gains = MatrixRf::Ones(start.rows(), start.cols());
  state.embedding = std::move(start);
  return state;
}

}  // namespace

double tsne_learning_rate(const TsneOptions& options, std::int64_t points) {
  if (options.learning_rate > 0) return options.learning_rate;
  return std::max(static_cast<double>(points) / options.early_exaggeration / 4, 50.0);
}

bool tsne_uses_grid(const TsneOptions& options, std::int64_t points) {
  if (options.repulsion == TsneRepulsion::automatic) return tsne_takes_grid("auto", options.dim, points);
  return options.repulsion == TsneRepulsion::grid;
}

MatrixRf tsne_start(ConstMatrixRef points, const TsneOptions& options) {
  if (options.init == TsneInit::random) return random_start(points.rows(), options);
  if (options.dim > std::min(points.rows(), points.cols())) {
    throw Error(fmt::format(
        "t-SNE to {} dimensions cannot start from the principal components of {}×{} points: set init: random",
        options.dim, points.rows(), points.cols()));
  }
  // One thread, so that the start depends on the points alone.
  MatrixRf start = pca(points, {.width = options.dim, .threads = 1}).embedding;
  const Eigen::VectorXd first = start.col(0).cast<double>();
  const double deviation = std::sqrt((first.array() - first.mean()).square().mean());
  if (!(deviation > 0)) throw Error("t-SNE: all points are equal");
  return (start.cast<double>() / deviation * start_deviation).cast<float>();
}

Tsne::Tsne(SparseRows affinities, MatrixRf start, const TsneOptions& options)
    : Tsne(std::move(affinities), initial_state(std::move(start)), options) {}

Tsne::Tsne(SparseRows affinities, TsneState state, const TsneOptions& options)
    : affinities_(std::move(affinities)),
      options_(options),
      learning_rate_(tsne_learning_rate(options, affinities_.rows())),
      state_(std::move(state)) {
  for (const MatrixRf* matrix : {&state_.embedding, &state_.velocity, &state_.gains}) {
    if (matrix->rows() != affinities_.rows() || matrix->cols() != options.dim) {
      throw Error(fmt::format("t-SNE of {} points to {} dimensions cannot start from a {}×{} matrix",
                              affinities_.rows(), options.dim, matrix->rows(), matrix->cols()));
    }
  }
  if (!tsne_uses_grid(options, affinities_.rows())) return;
  if (options.dim > 2) throw Error(fmt::format("t-SNE to {} dimensions cannot use a grid: set repulsion: exact", options.dim));
  grid_.emplace(options.threads);
}

// An embedding of extreme extent doesn't fit onto a grid: then, as a function of it alone, over all pairs.
Repulsion Tsne::repulsion() const {
  if (grid_ && TsneGrid::fits(state_.embedding)) return grid_->repulsion(state_.embedding);
  if (options_.exact_repulsion) return options_.exact_repulsion(state_.embedding);
  return tsne_repulsion(state_.embedding, options_.threads);
}

void Tsne::set_threads(int threads) {
  options_.threads = threads;
  if (grid_) grid_->set_threads(threads);
}

void Tsne::run_until(std::int64_t iteration, const std::function<void(std::int64_t)>& progress) {
  while (state_.iteration < iteration && state_.stopped_at == 0) {
    step();
    if (progress) progress(state_.iteration);
  }
}

void Tsne::step() {
  const bool exaggerated = state_.iteration < options_.early_exaggeration_iterations;
  if (state_.iteration == options_.early_exaggeration_iterations) start_second_phase();
  MatrixRf gradient = this->gradient(exaggerated ? options_.early_exaggeration : 1);
  const auto momentum = static_cast<float>(exaggerated ? options_.initial_momentum : options_.final_momentum);
  const auto rate = static_cast<float>(learning_rate_);
  for (Eigen::Index i = 0; i < gradient.size(); ++i) {
    float& velocity = state_.velocity.data()[i];
    float& gain = state_.gains.data()[i];
    float& slope = gradient.data()[i];
    gain = velocity * slope < 0 ? gain + gain_increase : gain * gain_decay;
    gain = std::max(gain, min_gain);
    slope *= gain;
    velocity = momentum * velocity - rate * slope;
    state_.embedding.data()[i] += velocity;
  }
  ++state_.iteration;
  if (!state_.embedding.allFinite()) {
    throw DivergedError(fmt::format("t-SNE: a coordinate is not finite after {} iterations; lower the learning rate {}",
                                    state_.iteration, learning_rate_));
  }
  if (state_.iteration == options_.early_exaggeration_iterations) state_.divergence_exaggerated = kl_divergence();
  if (state_.iteration % early_stop_interval == 0) check_early_stop(gradient.cast<double>().norm());
}

// scikit-learn runs its gradient descent twice, and each run begins without velocity.
void Tsne::start_second_phase() {
  state_.velocity.setZero();
  state_.gains.setOnes();
  state_.best_divergence = std::numeric_limits<double>::infinity();
  state_.best_iteration = state_.iteration;
}

void Tsne::check_early_stop(double gradient_norm) {
  const bool second_phase = state_.iteration > options_.early_exaggeration_iterations;
  if (options_.iterations_without_progress > 0 && second_phase) {
    const double divergence = kl_divergence();
    if (divergence < state_.best_divergence) {
      state_.best_divergence = divergence;
      state_.best_iteration = state_.iteration;
    } else if (state_.iteration - state_.best_iteration > options_.iterations_without_progress) {
      state_.stopped_at = state_.iteration;
    }
  }
  if (options_.min_gradient_norm > 0 && second_phase && gradient_norm <= options_.min_gradient_norm) {
    state_.stopped_at = state_.iteration;
  }
}

double Tsne::kl_divergence() const {
  const Repulsion repulsion = this->repulsion();
  return tsne_divergence(affinities_, state_.embedding, repulsion.normalizer, options_.threads);
}

MatrixRf Tsne::gradient(double exaggeration) const {
  const std::vector<double> attraction = tsne_attraction(affinities_, state_.embedding, options_.threads);
  const Repulsion repulsion = this->repulsion();
  const auto freedom = static_cast<double>(tsne_degrees_of_freedom(options_.dim));
  const double factor = 2 * (freedom + 1) / freedom;
  MatrixRf gradient(state_.embedding.rows(), options_.dim);
  for (Eigen::Index i = 0; i < gradient.size(); ++i) {
    gradient.data()[i] =
        static_cast<float>(factor * (exaggeration * attraction[i] - repulsion.forces[i] / repulsion.normalizer));
  }
  return gradient;
}

}  // namespace latentgrid
