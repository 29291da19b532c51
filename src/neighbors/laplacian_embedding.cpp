#include "neighbors/laplacian_embedding.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.hpp"
#include "neighbors/spectral_vectors.hpp"

namespace latentgrid {

namespace {

constexpr double tolerance = 1e-8;
constexpr std::int64_t most_for_dense = 128;  // points of a part ...
constexpr std::int64_t dense_a_vector = 4;    // ... or so many for each vector that is wanted

// Of a graph, the places of the points that each connected part has; the largest part first.
std::vector<std::vector<std::int64_t>> parts_of(const SparseRows& graph) {
  const std::vector<std::int32_t> component = connected_components(graph);
  std::vector<std::vector<std::int64_t>> parts(static_cast<std::size_t>(*std::max_element(component.begin(), component.end()) + 1));
  for (std::size_t i = 0; i < component.size(); ++i) parts[static_cast<std::size_t>(component[i])].push_back(static_cast<std::int64_t>(i));
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return parts;
}

SparseRows graph_within(const SparseRows& graph, const std::vector<std::int64_t>& places) {
  std::vector<std::int32_t> within(static_cast<std::size_t>(graph.rows()));
  for (std::size_t i = 0; i < places.size(); ++i) within[static_cast<std::size_t>(places[i])] = static_cast<std::int32_t>(i);
  SparseRows part;
  part.starts.push_back(0);
  for (const std::int64_t i : places) {
    for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) {
      part.columns.push_back(within[static_cast<std::size_t>(graph.columns[j])]);
      part.values.push_back(graph.values[j]);
    }
    part.starts.push_back(static_cast<std::int64_t>(part.columns.size()));
  }
  return part;
}

// Roots of the points' degrees; 1 for a point without neighbors.
Eigen::VectorXd root_degrees(const SparseRows& graph) {
  Eigen::VectorXd roots(graph.rows());
  for (std::int64_t i = 0; i < graph.rows(); ++i) {
    double degree = 0;
    for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) degree += graph.values[j];
    roots[i] = degree > 0 ? std::sqrt(degree) : 1;
  }
  return roots;
}

// Of a connected graph, `count` eigenpairs behind the trivial one.
SpectralVectors dense_vectors(const SparseRows& graph, std::int64_t count) {
  const Eigen::VectorXd roots = root_degrees(graph);
  Eigen::MatrixXd laplacian = Eigen::MatrixXd::Identity(graph.rows(), graph.rows());
  for (std::int64_t i = 0; i < graph.rows(); ++i) {
    for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) {
      laplacian(i, graph.columns[j]) -= graph.values[j] / (roots[i] * roots[graph.columns[j]]);
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(laplacian);
  return {solver.eigenvalues().segment(1, count), solver.eigenvectors().middleCols(1, count)};
}

SpectralVectors vectors_behind_trivial(const SparseRows& graph, std::int64_t count, const LaplacianOptions& options) {
  if (graph.rows() <= std::max(most_for_dense, dense_a_vector * count)) return dense_vectors(graph, count);
  SpectralVectors found =
      spectral_vectors(graph, {.count = count + 1, .tolerance = tolerance, .threads = options.threads, .step = options.step});
  return {found.values.tail(count), found.vectors.rightCols(count)};
}

class Embedding {
 public:
  Embedding(const SparseRows& graph, const LaplacianOptions& options)
      : graph_(graph), options_(options), parts_(parts_of(graph)), roots_(root_degrees(graph)) {
    out_.components = static_cast<std::int64_t>(parts_.size());
    out_.values = Eigen::VectorXd::Zero(options.count);
    out_.vectors = Eigen::MatrixXd::Zero(graph.rows(), options.count);
  }

  LaplacianEmbedding run() {
    add_zeros();
    if (options_.count > out_.components) add_others();
    for (Eigen::Index k = 0; k < out_.vectors.cols(); ++k) {
      out_.vectors.col(k).array() /= roots_.array();
      fix_sign(out_.vectors.col(k));
    }
    return std::move(out_);
  }

 private:
  static void fix_sign(Eigen::MatrixXd::ColXpr vector) {
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    if (vector[largest] < 0) vector *= -1;
  }

  // A vector of eigenvalue 0 is a number for each part, times the roots of the degrees.
  void add_zeros() {
    const auto parts = static_cast<Eigen::Index>(parts_.size()), count = std::min<Eigen::Index>(parts, options_.count);
    Eigen::VectorXd lengths(parts);  // of the roots within each part
    for (Eigen::Index part = 0; part < parts; ++part) {
      double squares = 0;
      for (const std::int64_t i : parts_[static_cast<std::size_t>(part)]) squares += roots_[i] * roots_[i];
      lengths[part] = std::sqrt(squares);
    }
    Eigen::MatrixXd basis(parts, count);  // of orthonormal columns: all parts alike, then one part after the other
    basis.col(0) = lengths.normalized();
    for (Eigen::Index k = 1; k < count; ++k) {
      Eigen::VectorXd own = Eigen::VectorXd::Unit(parts, k - 1);
      for (int pass = 0; pass < 2; ++pass) {
        for (Eigen::Index known = 0; known < k; ++known) own -= basis.col(known).dot(own) * basis.col(known);
      }
      basis.col(k) = own.normalized();
    }
    for (Eigen::Index part = 0; part < parts; ++part) {
      for (const std::int64_t i : parts_[static_cast<std::size_t>(part)]) {
        out_.vectors.row(i).head(count) = basis.row(part) * (roots_[i] / lengths[part]);
      }
    }
  }

  void add_others() {
    struct Found {
      double value;
      std::size_t part;
      Eigen::Index column;
    };
    const std::int64_t wanted = options_.count - out_.components;
    std::vector<SpectralVectors> vectors(parts_.size());
    std::vector<Found> found;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const std::int64_t own = std::min<std::int64_t>(wanted, static_cast<std::int64_t>(parts_[part].size()) - 1);
      if (own < 1) continue;
      vectors[part] = vectors_behind_trivial(graph_within(graph_, parts_[part]), own, options_);
      for (Eigen::Index k = 0; k < own; ++k) found.push_back({vectors[part].values[k], part, k});
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.value < b.value; });
    for (std::int64_t k = 0; k < wanted; ++k) {
      const Found& one = found[static_cast<std::size_t>(k)];
      const std::vector<std::int64_t>& places = parts_[one.part];
      out_.values[out_.components + k] = std::max(one.value, 0.0);
      for (std::size_t i = 0; i < places.size(); ++i) {
        out_.vectors(places[i], out_.components + k) = vectors[one.part].vectors(static_cast<Eigen::Index>(i), one.column);
      }
    }
  }

  const SparseRows& graph_;
  const LaplacianOptions& options_;
  std::vector<std::vector<std::int64_t>> parts_;
  Eigen::VectorXd roots_;
  LaplacianEmbedding out_;
};

}  // namespace

LaplacianEmbedding laplacian_embedding(const SparseRows& graph, const LaplacianOptions& options) {
  if (options.count < 1 || options.count > graph.rows()) {
    throw Error(fmt::format("{} eigenvectors of a graph of {} points: ask for 1 to {}", options.count, graph.rows(), graph.rows()));
  }
  return Embedding(graph, options).run();
}

}  // namespace latentgrid
