#include <fmt/format.h>

#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

MethodSpec spectral_method();

namespace {

constexpr double neighbor_pairs_per_s = 5e8;
constexpr double edges_per_s = 2e8;  // of one product with the graph
constexpr double products = 150;     // for the first vectors, and more for each

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t neighbors = params.at("n_neighbors");
  if (neighbors <= points.count) return {};
  return {too_few_images(spectral_method(), neighbors, points, 2)};
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto images = static_cast<double>(points.count);
  const double edges = 1.6 * images * params.value("n_neighbors", 10.0);
  const double k = std::max(2.0, params.value("k", 10.0));
  return images * images / neighbor_pairs_per_s + (products + 10 * k) * edges / edges_per_s;
}

}  // namespace

MethodSpec spectral_method() {
  using namespace param;
  return {.kind = MethodKind::clustering,
          .name = "spectral",
          .display_name = "spectral clustering",
          .doc = "cuts the graph of nearest neighbors where it has few edges: clusters of any shape",
          .source = "sklearn.cluster.SpectralClustering 1.2 with affinity nearest_neighbors",
          .other_names = {"spectralclustering", "ncut", "normalizedcut"},
          .main_parameter = "k",
          .example = "spectral: {k: 10, n_neighbors: 10}",
          .params = {automatic_at(0, integer("k", nullptr, 1, "clusters; the number of classes if there are labels; auto: by the largest gap among the first eigenvalues")),
                     integer("n_neighbors", 10, 2, "nearest images that an image is connected with, the image itself among them"),
                     choice("assign_labels", "kmeans", {"kmeans", "discretize", "cluster_qr"}, "how clusters are made of the eigenvectors"),
                     only_if("assign_labels", "kmeans", integer("n_init", 10, 1, "k-means starts; the one of least inertia is kept"))},
          .stochastic = true,
          .problems = problems,
          .cost = cost};
}

}  // namespace latentgrid
