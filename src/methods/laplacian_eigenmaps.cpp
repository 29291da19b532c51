#include <fmt/format.h>

#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

MethodSpec laplacian_eigenmaps_method();

namespace {

constexpr std::int64_t smallest_width = 16;
constexpr double neighbor_pairs_per_s = 5e8;
constexpr double edges_per_s = 2e8;  // of one product with the graph
constexpr double products = 150;     // for the first vectors, and more for each

// scikit-learn's rule; with one neighbor, which would be the image itself, there is no graph.
Json settled(const Json& params, const PointsSize& points) {
  Json all = params;
  if (all.at("n_neighbors") == 0 && points.count != PointsSize::unknown) all["n_neighbors"] = std::max<std::int64_t>(points.count / 10, 2);
  return all;
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t dim = params.at("dim"), neighbors = params.at("n_neighbors");
  if (neighbors > points.count) return {too_few_images(laplacian_eigenmaps_method(), neighbors, points, 2)};
  if (dim < points.count) return {};
  return {{.parameter = "dim",
           .message = fmt::format("Laplacian eigenmaps cannot make {} dimensions from {} images", dim, points.count),
           .hint = points.count < 2 ? "choose more images" : fmt::format("choose a dim of at most {}", points.count - 1)}};
}

Json task_params(const Json& params, std::int64_t dim, const PointsSize& points) {
  Json all = params;
  all["width"] = shared_width(dim, smallest_width, points.count - 1);
  return all;
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto images = static_cast<double>(points.count);
  const double neighbors = params.value("n_neighbors", 0.0) > 0 ? params.value("n_neighbors", 0.0) : images / 10;
  const double width = params.value("width", static_cast<double>(smallest_width));
  return images * images / neighbor_pairs_per_s + (products + 10 * width) * 1.6 * images * neighbors / edges_per_s;
}

}  // namespace

MethodSpec laplacian_eigenmaps_method() {
  using namespace param;
  return {.kind = MethodKind::reduction,
          .name = "laplacian_eigenmaps",
          .display_name = "Laplacian eigenmaps",
          .doc = "eigenvectors of the Laplacian of the graph of nearest neighbors, those of the smallest eigenvalues",
          .source = "Belkin and Niyogi 2003; sklearn.manifold.SpectralEmbedding 1.2 with affinity nearest_neighbors",
          .other_names = {"laplacianeigenmaps", "laplacianeigenmap", "spectralembedding"},
          .main_parameter = "dim",
          .example = "laplacian_eigenmaps: {dim: 8}",
          .params = {integer("dim", 2, 1, "eigenvectors kept; the first one, which is constant, is left out"),
                     automatic_at(0, integer("n_neighbors", 0, 2, "nearest images that an image is connected with, the image itself among them; auto: a tenth of the images"))},
          .extent = Extent{"dim", Extent::Kind::slice},
          .files = {"eigenvalues.npy"},
          .settled = settled,
          .problems = problems,
          .task_params = task_params,
          .cost = cost};
}

}  // namespace latentgrid
