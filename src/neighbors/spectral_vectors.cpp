#include "neighbors/spectral_vectors.hpp"

#include <Spectra/SymEigsSolver.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t spectral_rows_at_once = 512;
constexpr std::int64_t most_restarts = 300;

// D^-1/2·W·D^-1/2, whose largest eigenvalues are the Laplacian's smallest.
class NormalizedGraph {
 public:
  using Scalar = double;

  NormalizedGraph(const SparseRows& graph, int threads, const std::function<void()>& step)
      : graph_(graph), threads_(threads), step_(step), values_(graph.values.size()) {
    const std::int64_t count = graph.rows();
    scale_.resize(count);
    for (std::int64_t i = 0; i < count; ++i) {
      double degree = 0;
      for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) degree += graph.values[static_cast<std::size_t>(j)];
      scale_[i] = degree > 0 ? 1 / std::sqrt(degree) : 1;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t j = graph.starts[i]; j < graph.starts[i + 1]; ++j) {
        const auto at = static_cast<std::size_t>(j);
        values_[at] = scale_[i] * graph.values[at] * scale_[graph.columns[at]];
      }
    }
  }

  Eigen::Index rows() const { return graph_.rows(); }
  Eigen::Index cols() const { return graph_.rows(); }

  void perform_op(const double* x, double* y) const {
    const std::int64_t count = graph_.rows();
    parallel_for((count + spectral_rows_at_once - 1) / spectral_rows_at_once, threads_, [&](std::int64_t block) {
      for (std::int64_t i = block * spectral_rows_at_once; i < std::min(count, (block + 1) * spectral_rows_at_once); ++i) {
        double sum = 0;
        for (std::int64_t j = graph_.starts[i]; j < graph_.starts[i + 1]; ++j) {
          sum += values_[static_cast<std::size_t>(j)] * x[graph_.columns[static_cast<std::size_t>(j)]];
        }
        y[i] = sum;
      }
    });
    if (step_) step_();
  }

 private:
  const SparseRows& graph_;
  int threads_;
  const std::function<void()>& step_;
  std::vector<double> values_;
  Eigen::VectorXd scale_;
};

}  // namespace

SpectralVectors spectral_vectors(const SparseRows& graph, const SpectralOptions& options) {
  const std::int64_t points = graph.rows();
  if (options.count < 1 || options.count >= points) {
    throw Error(fmt::format("{} eigenvectors of a graph of {} points cannot be had", options.count, points));
  }
  NormalizedGraph product(graph, options.threads, options.step);
  const std::int64_t width = std::min(points, std::max<std::int64_t>(2 * options.count + 1, 30));
  Spectra::SymEigsSolver<NormalizedGraph> solver(product, options.count, width);
  RandomStream random(options.seed, "graph vectors");
  Eigen::VectorXd start(points);
  for (double& value : start) value = random.uniform() - 0.5;
  solver.init(start.data());
  const Eigen::Index found = solver.compute(Spectra::SortRule::LargestAlge, most_restarts, options.tolerance, Spectra::SortRule::LargestAlge);
  if (found < options.count) throw Error("the eigenvectors of the graph did not converge");
  SpectralVectors out{1 - solver.eigenvalues().array(), solver.eigenvectors()};
  for (Eigen::Index k = 0; k < out.vectors.cols(); ++k) {
    Eigen::Index largest = 0;
    out.vectors.col(k).cwiseAbs().maxCoeff(&largest);
    if (out.vectors(largest, k) < 0) out.vectors.col(k) *= -1;
  }
  return out;
}

std::vector<std::int32_t> connected_components(const SparseRows& graph) {
  std::vector<std::int32_t> component(static_cast<std::size_t>(graph.rows()), -1);
  std::vector<std::int32_t> open;
  std::int32_t found = 0;
  for (std::int64_t i = 0; i < graph.rows(); ++i) {
    if (component[static_cast<std::size_t>(i)] >= 0) continue;
    open.push_back(static_cast<std::int32_t>(i));
    component[static_cast<std::size_t>(i)] = found;
    while (!open.empty()) {
      const std::int32_t at = open.back();
      open.pop_back();
      for (std::int64_t j = graph.starts[at]; j < graph.starts[at + 1]; ++j) {
        std::int32_t& other = component[static_cast<std::size_t>(graph.columns[static_cast<std::size_t>(j)])];
        if (other >= 0) continue;
        other = found;
        open.push_back(graph.columns[static_cast<std::size_t>(j)]);
      }
    }
    ++found;
  }
  return component;
}

}  // namespace latentgrid
