#include <algorithm>
#include <optional>
#include <utility>

#include "neighbors/fuzzy_graph.hpp"
#include "reduce/reduction.hpp"
#include "reduce/umap_layout.hpp"
#include "reduce/umap_start.hpp"

namespace latentgrid {

namespace {

class UmapReduction : public Reduction {
 public:
  explicit UmapReduction(const ReductionInput& input) : input_(input) {}

  std::int64_t reached() const override { return layout_ ? layout_->epoch() : 0; }

  void run_until(std::int64_t epoch, const Progress& progress) override {
    if (!layout_) start(nullptr);
    layout_->run_until(epoch, [&](std::int64_t done) { progress(done, epoch); });
    if (!all_finite(ConstMatrixRef(layout_->embedding().data(), input_.points.rows(), dim()))) throw DivergedError("UMAP left the finite numbers");
  }

  ReductionSnapshot snapshot(std::int64_t epoch) override {
    if (epoch != reached()) throw Error("UMAP: the embedding of an earlier epoch is gone");
    ReductionSnapshot out = checkpoint();
    out.record = {{"method", "umap"}, {"edges", edges_}, {"components", components_}, {"start", start_}, {"a", curve_.a}, {"b", curve_.b},
                  {"epochs", input_.params.at("epochs")}, {"epoch", epoch}};
    return out;
  }

  void set_threads(int threads) override {
    input_.threads = threads;
    if (layout_) layout_->set_threads(threads);
  }

  bool can_resume() const override { return true; }

  ReductionSnapshot checkpoint() override {
    ReductionSnapshot out;
    out.embedding = layout_->embedding();
    out.state = {{"epoch", layout_->epoch()}};
    return out;
  }

  void resume(const ReductionSnapshot& saved) override { start(&saved); }

 private:
  std::int64_t dim() const { return input_.params.at("dim"); }

  void start(const ReductionSnapshot* saved) {
    const Json& p = input_.params;
    const Neighbors near = input_.services->neighbors(input_.points, p.at("n_neighbors").get<std::int64_t>() - 1, input_.threads);
    const SparseRows graph = fuzzy_graph(near, {.local_connectivity = p.at("local_connectivity"), .set_op_mix_ratio = p.at("set_op_mix_ratio")}, input_.threads);
    edges_ = static_cast<std::int64_t>(graph.values.size());
    curve_ = fit_umap_curve(p.at("min_dist"), p.at("spread"));
    const UmapStart from = umap_start(input_.points, graph, {.dim = dim(), .random = p.at("init") == "random", .seed = input_.seed, .threads = input_.threads});
    components_ = from.components;
    start_ = from.random ? "random" : "spectral";
    layout_.emplace(graph, from.points,
                    UmapLayoutOptions{.epochs = p.at("epochs"),
                                      .curve = curve_,
                                      .learning_rate = p.at("learning_rate"),
                                      .repulsion_strength = p.at("repulsion_strength"),
                                      .negative_sample_rate = p.at("negative_sample_rate"),
                                      .seed = input_.seed,
                                      .threads = input_.threads});
    if (saved) layout_->resume(saved->embedding, saved->state.at("epoch"));
  }

  ReductionInput input_;
  UmapCurve curve_;
  std::int64_t edges_ = 0, components_ = 0;
  std::string start_;
  std::optional<UmapLayout> layout_;
};

}  // namespace

std::unique_ptr<Reduction> make_umap(const ReductionInput& input) { return std::make_unique<UmapReduction>(input); }

}  // namespace latentgrid
