#include "reduce/umap_start.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "neighbors/spectral_vectors.hpp"

namespace latentgrid {

namespace {

constexpr double largest_coordinate = 10, noise = 1e-4;
constexpr double tolerance = 1e-4;  // scipy's in umap-learn

using Places = std::vector<std::int64_t>;  // of a part's points

SparseRows part_of(const SparseRows& graph, const Places& places, const std::vector<std::int32_t>& within) {
  SparseRows part;
  part.starts.push_back(0);
  for (const std::int64_t i : places) {
    for (std::int64_t j = graph.starts[static_cast<std::size_t>(i)]; j < graph.starts[static_cast<std::size_t>(i) + 1]; ++j) {
      part.columns.push_back(within[static_cast<std::size_t>(graph.columns[static_cast<std::size_t>(j)])]);
      part.values.push_back(graph.values[static_cast<std::size_t>(j)]);
    }
    part.starts.push_back(static_cast<std::int64_t>(part.columns.size()));
  }
  return part;
}

Eigen::MatrixXd uniform(std::int64_t rows, std::int64_t dim, double range, RandomStream& random) {
  Eigen::MatrixXd all(rows, dim);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t k = 0; k < dim; ++k) all(i, k) = range * (2 * random.uniform() - 1);
  }
  return all;
}

// The eigenvectors behind the trivial one; nothing where the part is too small, or they did not converge.
std::optional<Eigen::MatrixXd> spectral(const SparseRows& graph, const UmapStartOptions& options) {
  if (graph.rows() < 2 * options.dim + 2) return std::nullopt;
  try {
    const SpectralVectors found = spectral_vectors(graph, {.count = options.dim + 1, .tolerance = tolerance, .seed = options.seed, .threads = options.threads});
    return found.vectors.rightCols(options.dim);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Where the parts go: corners at the unit vectors and their opposites for a few, otherwise uniform random places.
Eigen::MatrixXd places_of_parts(std::int64_t parts, const UmapStartOptions& options, RandomStream& random) {
  if (parts > 2 * options.dim) return uniform(parts, options.dim, 1, random);
  Eigen::MatrixXd places = Eigen::MatrixXd::Zero(parts, options.dim);
  const std::int64_t half = (parts + 1) / 2;
  for (std::int64_t part = 0; part < parts; ++part) places(part, part % half) = part < half ? 1 : -1;
  return places;
}

Eigen::MatrixXd by_parts(const SparseRows& graph, const std::vector<std::int32_t>& component, std::int64_t parts, const UmapStartOptions& options,
                         RandomStream& random) {
  std::vector<Places> places(static_cast<std::size_t>(parts));
  std::vector<std::int32_t> within(component.size());
  for (std::size_t i = 0; i < component.size(); ++i) {
    Places& own = places[static_cast<std::size_t>(component[i])];
    within[i] = static_cast<std::int32_t>(own.size());
    own.push_back(static_cast<std::int64_t>(i));
  }
  const Eigen::MatrixXd centers = places_of_parts(parts, options, random);
  Eigen::MatrixXd all(static_cast<Eigen::Index>(component.size()), options.dim);
  for (std::int64_t part = 0; part < parts; ++part) {
    const Places& own = places[static_cast<std::size_t>(part)];
    double nearest = 2;  // half the way to the next part is this one's
    for (std::int64_t other = 0; other < parts; ++other) {
      if (other != part) nearest = std::min(nearest, (centers.row(other) - centers.row(part)).norm());
    }
    const double range = nearest / 2;
    Eigen::MatrixXd laid;
    if (const auto found = spectral(part_of(graph, own, within), options)) {
      laid = *found * (range / std::max(found->cwiseAbs().maxCoeff(), 1e-300));
    } else {
      laid = uniform(static_cast<std::int64_t>(own.size()), options.dim, range, random);
    }
    for (std::size_t i = 0; i < own.size(); ++i) all.row(own[i]) = laid.row(static_cast<Eigen::Index>(i)) + centers.row(part);
  }
  return all;
}

}  // namespace

UmapStart umap_start(ConstMatrixRef points, const SparseRows& graph, const UmapStartOptions& options) {
  const std::int64_t count = points.rows();
  RandomStream random(options.seed, "umap start");
  const std::vector<std::int32_t> component = connected_components(graph);
  UmapStart start{.components = component.empty() ? 0 : *std::max_element(component.begin(), component.end()) + 1, .random = options.random};
  Eigen::MatrixXd all;
  if (!start.random && start.components > 1) {
    all = by_parts(graph, component, start.components, options, random);
  } else if (!start.random) {
    if (auto found = spectral(graph, options)) all = std::move(*found);
    start.random = all.size() == 0;
  }
  if (start.random) all = uniform(count, options.dim, largest_coordinate, random);
  if (!start.random) {
    all *= largest_coordinate / std::max(all.cwiseAbs().maxCoeff(), 1e-300);
    for (Eigen::Index i = 0; i < all.rows(); ++i) {
      for (Eigen::Index k = 0; k < all.cols(); ++k) all(i, k) += noise * random.normal();
    }
  }
  for (Eigen::Index k = 0; k < all.cols(); ++k) {
    const double least = all.col(k).minCoeff(), range = std::max(all.col(k).maxCoeff() - least, 1e-300);
    all.col(k) = (all.col(k).array() - least) * (largest_coordinate / range);
  }
  start.points = all.cast<float>();
  return start;
}

}  // namespace latentgrid
