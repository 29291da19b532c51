#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/parallel.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

constexpr Eigen::Index columns_at_once = 64;

struct Standardized {
  MatrixRf points;
  Eigen::VectorXf mean, scale;  // of the points before; scale 1 for a constant column
};

// A column whose variance is no more than what rounding its mean leaves is constant, as in scikit-learn's
// _is_constant_feature; its values are zeros exactly.
bool is_constant(double variance, double mean, double count) {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  const double from_rounding = count * mean * epsilon;
  return variance <= count * epsilon * variance + from_rounding * from_rounding;
}

// Sums run over the rows in their order, in float64: bits don't depend on threads.
void standardize_columns(ConstMatrixRef points, Eigen::Index first, Eigen::Index width, Standardized& out) {
  const auto count = static_cast<double>(points.rows());
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(width), variance = Eigen::RowVectorXd::Zero(width);
  for (Eigen::Index i = 0; i < points.rows(); ++i) mean += points.row(i).segment(first, width).cast<double>();
  mean /= count;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    variance += (points.row(i).segment(first, width).cast<double>() - mean).array().square().matrix();
  }
  variance /= count;
  Eigen::RowVectorXd inverse(width);
  for (Eigen::Index j = 0; j < width; ++j) {
    const bool constant = is_constant(variance[j], mean[j], count);
    out.scale[first + j] = constant ? 1.0f : static_cast<float>(std::sqrt(variance[j]));
    inverse[j] = constant ? 0.0 : 1 / std::sqrt(variance[j]);
  }
  out.mean.segment(first, width) = mean.transpose().cast<float>();
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    out.points.row(i).segment(first, width) =
        (points.row(i).segment(first, width).cast<double>() - mean).cwiseProduct(inverse).cast<float>();
  }
}

class Standardization : public Reduction {
 public:
  explicit Standardization(const ReductionInput& input) : points_(input.points), threads_(input.threads) {
    if (points_.rows() < 1) throw Error("there are no points to standardize");
  }

  std::int64_t reached() const override { return 0; }

  void run_until(std::int64_t, const Progress& progress) override {
    if (done_) return;
    Standardized out{MatrixRf(points_.rows(), points_.cols()), Eigen::VectorXf(points_.cols()), Eigen::VectorXf(points_.cols())};
    const std::int64_t blocks = (points_.cols() + columns_at_once - 1) / columns_at_once;
    parallel_for(blocks, threads_, [&](std::int64_t block) {
      const Eigen::Index first = block * columns_at_once;
      standardize_columns(points_, first, std::min(columns_at_once, points_.cols() - first), out);
    });
    done_ = std::move(out);
    progress(1, 1);
  }

  ReductionSnapshot snapshot(std::int64_t) override {
    ReductionSnapshot out;
    out.embedding = done_->points;
    out.arrays = {{"mean", Array::of(done_->mean)}, {"scale", Array::of(done_->scale)}};
    return out;
  }

  void set_threads(int threads) override { threads_ = threads; }

 private:
  ConstMatrixRef points_;
  int threads_;
  std::optional<Standardized> done_;
};

}  // namespace

std::unique_ptr<Reduction> make_standardize(const ReductionInput& input) { return std::make_unique<Standardization>(input); }

}  // namespace latentgrid
