#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "methods/artifact_files.hpp"
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

  // Graph and first coordinates serve runs of any number of epochs, of any curve and rate.
  Intermediate make_start() const {
    const Json& p = input_.params;
    const Neighbors near = input_.services->neighbors(input_.points, p.at("n_neighbors").get<std::int64_t>() - 1, input_.threads);
    SparseRows graph = fuzzy_graph(near, {.local_connectivity = p.at("local_connectivity"), .set_op_mix_ratio = p.at("set_op_mix_ratio")}, input_.threads);
    const UmapStart from = umap_start(input_.points, graph, {.dim = dim(), .random = p.at("init") == "random", .seed = input_.seed, .threads = input_.threads});
    const auto rows = static_cast<std::int64_t>(graph.starts.size()), edges = static_cast<std::int64_t>(graph.values.size());
    return {{{"points", Array::of(from.points)},
             {"graph_starts", Array{{rows}, std::move(graph.starts)}},
             {"graph_columns", Array{{edges}, std::move(graph.columns)}},
             {"graph_values", Array{{edges}, std::move(graph.values)}}},
            {{"components", from.components}, {"start", from.random ? "random" : "spectral"}}};
  }

  void start(const ReductionSnapshot* saved) {
    const Json& p = input_.params;
    Json identity = {{"seed", input_.seed}};
    for (const char* name : {"n_neighbors", "local_connectivity", "set_op_mix_ratio", "dim", "init"}) identity[name] = p.at(name);
    Intermediate from = input_.services->intermediate(start_stage, identity, [this] { return make_start(); });
    const SparseRows graph = {std::get<std::vector<std::int64_t>>(std::move(from.arrays.at("graph_starts").values)),
                              std::get<std::vector<std::int32_t>>(std::move(from.arrays.at("graph_columns").values)),
                              std::get<std::vector<float>>(std::move(from.arrays.at("graph_values").values))};
    edges_ = static_cast<std::int64_t>(graph.values.size());
    components_ = from.record.at("components");
    start_ = from.record.at("start");
    curve_ = fit_umap_curve(p.at("min_dist"), p.at("spread"));
    layout_.emplace(graph, from.arrays.at("points").matrix(),
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
