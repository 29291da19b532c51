#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "neighbors/connectivity_graph.hpp"
#include "neighbors/laplacian_embedding.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

// scikit-learn 1.2's SpectralEmbedding with affinity='nearest_neighbors': the eigenvectors behind the constant one. Every
// dimension is a slice of one decomposition, whose width is in the parameters. Bits do not depend on the number of threads.
class LaplacianEigenmaps : public Reduction {
 public:
  explicit LaplacianEigenmaps(const ReductionInput& input)
      : input_(input), width_(input.params.at("width")), neighbors_(input.params.value("n_neighbors", std::int64_t{0})) {
    const Eigen::Index count = input.points.rows();
    if (neighbors_ == 0) neighbors_ = std::max<std::int64_t>(count / 10, 2);
    if (neighbors_ < 2 || neighbors_ > count) {
      throw Error(fmt::format("Laplacian eigenmaps: n_neighbors {} of {} points: ask for 2 to {}", neighbors_, count, count));
    }
    if (width_ < 1 || width_ >= count) {
      throw Error(fmt::format("Laplacian eigenmaps of {} points to {} dimensions: there are 1 to {}", count, width_, count - 1));
    }
  }

  std::int64_t reached() const override { return found_ ? width_ : 0; }

  void run_until(std::int64_t dim, const Progress& progress) override {
    if (dim > width_) throw Error(fmt::format("Laplacian eigenmaps: dimension {} of a decomposition of width {}", dim, width_));
    if (found_) return;
    const Neighbors near = input_.services->neighbors(input_.points, neighbors_ - 1, input_.threads);
    progress(1, 3);
    const SparseRows graph = connectivity_graph(near);
    edges_ = static_cast<std::int64_t>(graph.values.size()) / 2;
    found_ = laplacian_embedding(graph, {.count = width_ + 1, .threads = input_.threads, .step = [&] { progress(2, 3); }});
    progress(3, 3);
  }

  ReductionSnapshot snapshot(std::int64_t dim) override {
    const Eigen::VectorXd values = found_->values.segment(1, dim);
    ReductionSnapshot out;
    out.embedding = found_->vectors.middleCols(1, dim).cast<float>();
    out.arrays["eigenvalues"] = Array::of(Eigen::VectorXf(values.cast<float>()));
    out.record = {{"method", "laplacian_eigenmaps"}, {"width", width_},          {"n_neighbors", neighbors_},
                  {"edges", edges_},                 {"components", found_->components}};
    return out;
  }

  void set_threads(int threads) override { input_.threads = threads; }

 private:
  ReductionInput input_;
  std::int64_t width_, neighbors_, edges_ = 0;
  std::optional<LaplacianEmbedding> found_;
};

}  // namespace

std::unique_ptr<Reduction> make_laplacian_eigenmaps(const ReductionInput& input) { return std::make_unique<LaplacianEigenmaps>(input); }

}  // namespace latentgrid
