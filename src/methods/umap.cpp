#include <fmt/format.h>

#include <algorithm>

#include "methods/artifact_files.hpp"
#include "methods/method.hpp"

namespace latentgrid {

MethodSpec umap_method();

namespace {

constexpr std::int64_t most_points_for_many_epochs = 10'000;
constexpr std::int64_t many_epochs = 500, few_epochs = 200;
constexpr double neighbor_pairs_per_s = 5e8;
constexpr double samples_per_s = 7e7;       // of an edge, with its negative samples
constexpr double edges_a_neighbor = 1.6;    // as the graph is symmetric
constexpr double samples_an_edge = 0.35;    // an epoch

// What the number of points decides.
Json settled(const Json& params, const PointsSize& points) {
  Json all = params;
  if (all.at("epochs") == 0) all["epochs"] = points.count > most_points_for_many_epochs ? few_epochs : many_epochs;
  if (all.at("snapshots") == 0) all["snapshots"] = all["epochs"];
  return all;
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t neighbors = params.at("n_neighbors");
  if (neighbors > points.count) return {too_few_images(umap_method(), neighbors, points, 3)};
  const std::int64_t dim = params.at("dim"), epochs = params.at("epochs"), snapshot = params.at("snapshots");
  if (dim + 1 >= points.count) {
    return {{.parameter = "dim", .message = fmt::format("UMAP cannot make {} dimensions of {} images", dim, points.count), .hint = ""}};
  }
  if (params.at("min_dist") > params.at("spread")) {
    return {{.parameter = "min_dist", .message = "UMAP's min_dist must not be larger than its spread", .hint = "write a smaller min_dist, or a larger spread",
             .or_parameter = "spread"}};
  }
  if (epochs > 0 && snapshot > epochs) {
    return {{.parameter = "snapshots",
             .message = fmt::format("UMAP of {} epochs has no snapshot at epoch {}", epochs, snapshot),
             .hint = fmt::format("write epochs: {}, or a smaller snapshot", snapshot),
             .or_parameter = "epochs"}};
  }
  return {};
}

double cost(const Json& params, std::int64_t epochs, const PointsSize& points, bool) {
  const auto images = static_cast<double>(points.count);
  const double edges = images * params.value("n_neighbors", 15.0) * edges_a_neighbor;
  return images * images / neighbor_pairs_per_s + static_cast<double>(epochs) * edges * samples_an_edge / samples_per_s;
}

}  // namespace

MethodSpec umap_method() {
  using namespace param;
  return {
      .kind = MethodKind::reduction,
      .name = "umap",
      .display_name = "UMAP",
      .doc = "uniform manifold approximation and projection: the graph of nearest neighbors, laid out anew",
      .source = "McInnes, Healy and Melville 2018; umap-learn 0.5.3",
      .version = 2,
      .other_names = {"uniformmanifoldapproximation", "umaplearn"},
      .example = "umap: {dim: 2, n_neighbors: 15}",
      .params = {
          integer("dim", 2, 1, "coordinates of an image in the embedding"),
          integer("n_neighbors", 15, 2, "images whose distances count, the image itself among them"),
          real("min_dist", 0.1, 0, "how near two points of the embedding come"),
          positive_real("spread", 1.0, "the scale of the embedding"),
          automatic_at(0, integer("epochs", 0, 1, "of the layout; auto: 500 up to 10,000 images, 200 above")),
          choice("init", "spectral", {"spectral", "random"}, "the first coordinates"),
          positive_real("learning_rate", 1.0, "of the first epoch; it falls to 0 over all of them"),
          integer("negative_sample_rate", 5, 1, "points that a sampled edge is pushed from"),
          real("repulsion_strength", 1.0, 0, "weight of these"),
          real("local_connectivity", 1.0, 0, "nearest neighbors that are connected for certain"),
          at_most(real("set_op_mix_ratio", 1.0, 0, "1: an edge where either of two images has the other as a neighbor; 0: where both have"), 1),
          automatic_at(0, integer("snapshots", 0, 1, "the epoch whose embedding is taken: [50, 100, 200] of one run; auto: the last")),
      },
      .extent = Extent{"snapshots", Extent::Kind::prefix, "epochs"},
      .separate_runs = SeparateRuns{"epochs", "the learning rate"},
      .stochastic = true,
      .files = {state_file},
      .not_finite = "UMAP diverged: lower its learning_rate",
      .map_note = "In a UMAP the distances between clusters mean little.",
      .settled = settled,
      .problems = problems,
      .cost = cost,
  };
}

}  // namespace latentgrid
