#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/distances.hpp"
#include "reduce/reduction.hpp"
#include "reduce/tsne.hpp"

namespace latentgrid {

namespace {

TsneRepulsion repulsion_of(const std::string& name) {
  return name == "exact" ? TsneRepulsion::exact : name == "grid" ? TsneRepulsion::grid : TsneRepulsion::automatic;
}

RepulsionKernel exact_repulsion(Services& services) {
  const Kernel kernel = services.kernel("tsne_repulsion");
  if (!kernel) return {};
  return [kernel](const MatrixRf& embedding) {
    KernelResult result = kernel(embedding);
    return Repulsion{std::move(result.values), result.sum};
  };
}

TsneOptions parse(const ReductionInput& input) {
  const Json& p = input.params;
  return {.dim = p.at("dim"),
          .perplexity = p.at("perplexity"),
          .early_exaggeration = p.at("early_exaggeration"),
          .early_exaggeration_iterations = p.at("early_exaggeration_iterations"),
          .learning_rate = p.at("learning_rate"),
          .initial_momentum = p.at("initial_momentum"),
          .final_momentum = p.at("final_momentum"),
          .init = p.at("init") == "random" ? TsneInit::random : TsneInit::pca,
          .seed = input.seed,
          .min_gradient_norm = p.at("min_gradient_norm"),
          .iterations_without_progress = p.at("iterations_without_progress"),
          .repulsion = repulsion_of(p.at("repulsion")),
          .threads = input.threads,
          .exact_repulsion = exact_repulsion(*input.services)};
}

class TsneReduction : public Reduction {
 public:
  explicit TsneReduction(const ReductionInput& input) : input_(input), options_(parse(input)) {
    if (input.points.rows() < 2) throw Error("t-SNE needs at least 2 points");
  }

  // After an early stop every later extent is reached at once.
  std::int64_t reached() const override { return std::max(tsne_ ? tsne_->iteration() : 0, asked_); }

  void run_until(std::int64_t iterations, const Progress& progress) override {
    if (!tsne_) start(std::nullopt);
    tsne_->run_until(iterations, [&](std::int64_t done) { progress(done, iterations); });
    if (tsne_->state().stopped_at > 0) asked_ = iterations;
  }

  ReductionSnapshot snapshot(std::int64_t iterations) override {
    if (iterations != reached()) throw Error("t-SNE: the embedding of an earlier iteration is gone");
    ReductionSnapshot out = checkpoint();
    const TsneState& state = tsne_->state();
    out.metrics = {{"kl_divergence", tsne_->kl_divergence()}};
    out.record = {{"method", "tsne"},
                  {"repulsion", tsne_->uses_grid() ? "grid" : "exact, " + where_exact()},
                  {"neighbors", neighbors_},
                  {"perplexity", options_.perplexity},
                  {"learning_rate", tsne_learning_rate(options_, input_.points.rows())},
                  {"degrees_of_freedom", tsne_degrees_of_freedom(options_.dim)},
                  {"init", options_.init == TsneInit::pca ? "pca" : "random"},
                  {"early_exaggeration", options_.early_exaggeration},
                  {"early_exaggeration_iterations", options_.early_exaggeration_iterations},
                  {"initial_momentum", options_.initial_momentum},
                  {"final_momentum", options_.final_momentum},
                  {"iterations", state.iteration},
                  {"stopped_early", state.stopped_at > 0}};
    if (state.iteration >= options_.early_exaggeration_iterations) {
      out.record["kl_divergence_after_exaggeration"] = state.divergence_exaggerated;
    }
    return out;
  }

  void set_threads(int threads) override {
    options_.threads = threads;
    if (tsne_) tsne_->set_threads(threads);
  }

  bool can_resume() const override { return true; }

  ReductionSnapshot checkpoint() override {
    const TsneState& state = tsne_->state();
    ReductionSnapshot out;
    out.embedding = state.embedding;
    out.arrays = {{"velocity", Array::of(state.velocity)}, {"gains", Array::of(state.gains)}};
    out.state = {{"iteration", state.iteration},
                 {"best_divergence", std::isfinite(state.best_divergence) ? Json(state.best_divergence) : Json()},
                 {"best_iteration", state.best_iteration},
                 {"stopped_at", state.stopped_at},
                 {"divergence_exaggerated", state.divergence_exaggerated}};
    return out;
  }

  void resume(const ReductionSnapshot& saved) override {
    TsneState state;
    state.embedding = saved.embedding;
    state.velocity = saved.arrays.at("velocity").matrix();
    state.gains = saved.arrays.at("gains").matrix();
    state.iteration = saved.state.at("iteration");
    if (!saved.state.at("best_divergence").is_null()) state.best_divergence = saved.state.at("best_divergence");
    state.best_iteration = saved.state.at("best_iteration");
    state.stopped_at = saved.state.at("stopped_at");
    state.divergence_exaggerated = saved.state.at("divergence_exaggerated");
    start(std::move(state));
  }

 private:
  std::string where_exact() const { return options_.exact_repulsion ? input_.services->device() : simd_target(); }

  void start(std::optional<TsneState> state) {
    neighbors_ = affinity_neighbors(input_.points.rows(), options_.perplexity);
    const Neighbors near = input_.services->neighbors(input_.points, neighbors_, options_.threads);
    SparseRows affinities = joint_probabilities(near, options_.perplexity, options_.threads);
    if (state) {
      tsne_.emplace(std::move(affinities), std::move(*state), options_);
    } else {
      tsne_.emplace(std::move(affinities), tsne_start(input_.points, options_), options_);
    }
  }

  ReductionInput input_;
  TsneOptions options_;
  std::int64_t neighbors_ = 0;
  std::int64_t asked_ = 0;
  std::optional<Tsne> tsne_;
};

}  // namespace

std::unique_ptr<Reduction> make_tsne(const ReductionInput& input) {
  return std::make_unique<TsneReduction>(input);
}

}  // namespace latentgrid
