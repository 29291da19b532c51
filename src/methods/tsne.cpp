#include "methods/tsne.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "methods/artifact_files.hpp"
#include "methods/method.hpp"

namespace latentgrid {

namespace {

// Rates of one core, and of an H100 to such a core.
constexpr double pairs_per_s = 4e9;          // the exact repulsion in 2-D
constexpr double grid_points_per_s = 1.2e6;  // an iteration with a grid
constexpr double neighbor_pairs_per_s = 5e8;
constexpr double gpu_pairs_speedup = 12;

bool takes_grid(const Json& params, const PointsSize& points) {
  return tsne_takes_grid(params.value("repulsion", "auto"), params.value("dim", std::int64_t{2}), points.count);
}

std::optional<Problem> too_few_neighbors(const Json& params, std::int64_t count) {
  const double perplexity = params.at("perplexity");
  if (3 * perplexity <= static_cast<double>(count - 1)) return std::nullopt;
  const std::int64_t largest = (count - 1) / 3;
  if (largest < 1) {
    return Problem{"perplexity", fmt::format("t-SNE needs at least 4 images, and there {} {}", count == 1 ? "is" : "are", count),
                   "choose more images, or another reduction"};
  }
  return Problem{.parameter = "perplexity",
                 .message = fmt::format("t-SNE with perplexity {} needs {:.0f} neighbors of every image, and there are {} images",
                                        perplexity, 3 * perplexity, count),
                 .hint = fmt::format("write tsne: {{perplexity: {}}}, or less", largest),
                 .possible = static_cast<double>(largest)};
}

// The points are drawn together then, and their clusters say little.
std::optional<Problem> all_of_it_early(const Json& params) {
  const std::int64_t iterations = params.at("iterations"), early = params.at("early_exaggeration_iterations");
  if (iterations > early) return std::nullopt;
  constexpr std::int64_t default_iterations = 1000;
  return Problem{.parameter = "iterations",
                 .message = fmt::format("t-SNE ends after {} iterations, which are all part of its early exaggeration ({} iterations): "
                                        "the clusters of such an embedding are poor",
                                        iterations, early),
                 .hint = fmt::format("write iterations: {}, or fewer early_exaggeration_iterations", std::max(default_iterations, 4 * early)),
                 .warning = true,
                 .or_parameter = "early_exaggeration_iterations"};
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t dim = params.at("dim");
  const bool from_components = params.at("init") == "pca";  // a random start has any number of dimensions
  if (auto problem = too_many_dimensions("t-SNE", dim, points, from_components)) return {*problem};
  if (params.at("repulsion") == "grid" && dim > 2) {
    return {{"repulsion", fmt::format("t-SNE to {} dimensions cannot use a grid", dim),
             "a grid works in 1 and 2 dimensions; write repulsion: auto or exact"}};
  }
  if (auto problem = too_few_neighbors(params, points.count)) return {*problem};
  if (auto problem = all_of_it_early(params)) return {*problem};
  return {};
}

double cost(const Json& params, std::int64_t iterations, const PointsSize& points, bool on_gpu) {
  const auto images = static_cast<double>(points.count);
  const auto dim = static_cast<double>(params.value("dim", std::int64_t{2}));
  const double pairs = images * images * (1 + 0.7 * (dim - 2)) / pairs_per_s;
  const double exact = on_gpu ? pairs / gpu_pairs_speedup : pairs;
  const double iteration = takes_grid(params, points) ? images / grid_points_per_s : exact;
  return static_cast<double>(iterations) * iteration + images * images / neighbor_pairs_per_s;
}

}  // namespace

MethodSpec tsne_method() {
  using namespace param;
  return {
      .kind = MethodKind::reduction,
      .name = "tsne",
      .display_name = "t-SNE",
      .doc = "t-distributed stochastic neighbor embedding: points that are neighbors stay neighbors",
      .source = "van der Maaten and Hinton 2008; sklearn.manifold.TSNE 1.2, whose early stop is off here",
      .version = 5,
      .other_names = {"stochasticneighborembedding"},
      .example = "tsne: {dim: 2, perplexity: 30}",
      .params = {
          integer("dim", 2, 1, "coordinates of an image in the embedding"),
          positive_real("perplexity", 30.0, "effective number of neighbors; 3 times as many are used"),
          at_most(real("early_exaggeration", 12.0, 1, "factor of the affinities in the first iterations"), 1e6),
          integer("early_exaggeration_iterations", 250, 0, "iterations with exaggeration and the initial momentum"),
          automatic_at(0, real("learning_rate", 0.0, 0, "step size; auto: max(images / early_exaggeration / 4, 50)")),
          below(real("initial_momentum", 0.5, 0, "while exaggerated"), 1),
          below(real("final_momentum", 0.8, 0, "afterwards"), 1),
          choice("init", "pca", {"pca", "random"}, "the first coordinates, of standard deviation 1e-4"),
          real("min_gradient_norm", 0.0, 0, "stop below this norm of the gradient; 0: never"),
          integer("iterations_without_progress", 0, 0, "stop after so many without a smaller KL divergence; 0: never"),
          choice("repulsion", "auto", {"auto", "exact", "grid"},
                 "over all pairs, or by interpolation on a grid (1 or 2 dimensions); auto: a grid above 4000 images"),
          default_dropped(device("of the repulsion over all pairs, a grid is the CPU's; auto: a GPU where there is one")),
          integer("iterations", 1000, 1, "gradient steps"),
      },
      .extent = Extent{"iterations", Extent::Kind::prefix},
      .stochastic = true,
      .stochastic_if = "init",
      .stochastic_if_value = "random",
      .metrics = {"kl_divergence"},
      .files = {"velocity.npy", "gains.npy", state_file},
      .not_finite = "t-SNE diverged: lower its learning_rate",
      .default_map = DefaultMap{.extents = {250, 500, 750, 1000}, .most_images = 20'000},
      .map_note = "In a t-SNE the distances between clusters mean little.",
      .problems = problems,
      .cost = cost,
      .ignores_device = takes_grid,
  };
}

}  // namespace latentgrid
