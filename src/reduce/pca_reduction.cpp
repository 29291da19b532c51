#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reduce/pca.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

// Every dimension is a slice of one decomposition, whose width is in the parameters.
class PcaReduction : public Reduction {
 public:
  explicit PcaReduction(const ReductionInput& input)
      : points_(input.points),
        options_{.width = input.params.at("width"), .threads = input.threads},
        whiten_(input.params.value("whiten", false)) {}

  std::int64_t reached() const override { return pca_ ? options_.width : 0; }

  void run_until(std::int64_t dim, const Progress& progress) override {
    if (dim > options_.width)
      throw Error(fmt::format("PCA: dimension {} of a decomposition of width {}", dim, options_.width));
    if (pca_) return;
    pca_ = pca(points_, options_);
    progress(1, 1);
  }

  ReductionSnapshot snapshot(std::int64_t dim) override {
    const Eigen::VectorXd ratio = pca_->explained_variance_ratio().head(dim);
    ReductionSnapshot out;
    out.embedding = pca_->embedding.leftCols(dim);
    if (whiten_) whiten(out.embedding);
    out.arrays["components"] = Array::of(MatrixRf(pca_->components.topRows(dim)));
    out.arrays["mean"] = Array::of(pca_->mean);
    out.arrays["explained_variance_ratio"] = Array::of(Eigen::VectorXf(ratio.cast<float>()));
    out.metrics = {{"explained_variance", ratio.sum()}};
    out.record = {{"method", "pca"},
                  {"width", options_.width},
                  {"decomposed", pca_->side == PcaSide::gram ? "gram" : "covariance"},
                  {"explained_variance",
                   std::vector<double>(pca_->explained_variance.begin(), pca_->explained_variance.begin() + dim)},
                  {"total_variance", pca_->total_variance}};
    return out;
  }

 private:
  // As in scikit-learn; a direction without variance stays zero.
  void whiten(MatrixRf& embedding) const {
    for (Eigen::Index d = 0; d < embedding.cols(); ++d) {
      const double variance = pca_->explained_variance[d];
      if (variance > 0) embedding.col(d) *= static_cast<float>(1 / std::sqrt(variance));
    }
  }

  ConstMatrixRef points_;
  PcaOptions options_;
  bool whiten_;
  std::optional<Pca> pca_;
};

}  // namespace

std::unique_ptr<Reduction> make_pca(const ReductionInput& input) {
  return std::make_unique<PcaReduction>(input);
}

}  // namespace latentgrid
