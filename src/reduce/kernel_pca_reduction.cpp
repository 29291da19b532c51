#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reduce/kernel_pca.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

KernelPcaOptions options_of(const ReductionInput& input) {
  const Json& p = input.params;
  const double gamma = p.value("gamma", 0.0);
  return {.kernel = {.function = kernel_function(p.at("kernel").get<std::string>()),
                     .gamma = gamma > 0 ? gamma : 1 / static_cast<double>(std::max<Eigen::Index>(input.points.cols(), 1)),
                     .degree = p.value("degree", 3),
                     .coef0 = p.value("coef0", 1.0)},
          .width = p.at("width"),
          .threads = input.threads};
}

// Every dimension is a slice of one decomposition, whose width is in the parameters.
class KernelPcaReduction : public Reduction {
 public:
  explicit KernelPcaReduction(const ReductionInput& input)
      : points_(input.points), kernel_(input.params.at("kernel")), options_(options_of(input)) {}

  std::int64_t reached() const override { return found_ ? options_.width : 0; }

  void run_until(std::int64_t dim, const Progress& progress) override {
    if (dim > options_.width) throw Error(fmt::format("kernel PCA: dimension {} of a decomposition of width {}", dim, options_.width));
    if (found_) return;
    found_ = kernel_pca(points_, options_, progress);
  }

  ReductionSnapshot snapshot(std::int64_t dim) override {
    const Eigen::VectorXd values = found_->eigenvalues.head(dim);
    ReductionSnapshot out;
    out.embedding = found_->embedding.leftCols(dim);
    out.arrays["eigenvalues"] = Array::of(Eigen::VectorXf(values.cast<float>()));
    out.metrics = {{"explained_variance", std::min(1.0, found_->explained_variance_ratio().head(dim).sum())}};
    out.record = {{"method", "kernel_pca"},
                  {"kernel", kernel_},
                  {"gamma", options_.kernel.gamma},
                  {"width", options_.width},
                  {"solver", found_->solver},
                  {"positive_eigenvalues", (values.array() > 0).count()},
                  {"trace", found_->trace}};
    return out;
  }

 private:
  ConstMatrixRef points_;
  std::string kernel_;
  KernelPcaOptions options_;
  std::optional<KernelPca> found_;
};

}  // namespace

std::unique_ptr<Reduction> make_kernel_pca(const ReductionInput& input) { return std::make_unique<KernelPcaReduction>(input); }

}  // namespace latentgrid
