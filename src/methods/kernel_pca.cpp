#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t smallest_width = 64;
constexpr std::int64_t most_points = 20'000;
constexpr double flop_per_s = 60e9;
constexpr double columns_a_component = 3.5;  // that the kernel matrix is applied to

// Half of the matrix in float32, and what the iteration for its eigenvectors takes.
double gibibytes(const PointsSize& points, std::int64_t width) {
  const auto count = static_cast<double>(points.count);
  return (2 * count * count + 20 * static_cast<double>(width) * count) / (1 << 30);
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t dim = params.at("dim");
  if (auto problem = too_many_dimensions("kernel PCA", dim, points, false)) return {*problem};
  if (points.count == PointsSize::unknown || points.count <= most_points) return {};
  return {{.parameter = "dim",
           .message = fmt::format("kernel PCA compares all pairs of images: {} images would take {:.1f} GiB of memory, and {} are the most it takes",
                                  points.count, gibibytes(points, shared_width(dim, smallest_width, points.count)), most_points),
           .hint = "choose fewer images, or another reduction"}};
}

// The key does not depend on what the kernel does not use.
Json task_params(const Json& params, std::int64_t dim, const PointsSize& points) {
  Json all = params;
  all["width"] = shared_width(dim, smallest_width, points.count);
  const std::string kernel = all.at("kernel");
  if (kernel == "linear" || kernel == "cosine") all.erase("gamma");
  if (kernel != "poly" && kernel != "sigmoid") all.erase("coef0");
  return all;
}

ParamSpec any_number(std::string name, double default_value, std::string doc) {
  ParamSpec spec = param::real(std::move(name), default_value, 0, std::move(doc));
  spec.minimum.reset();
  return spec;
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto count = static_cast<double>(points.count);
  const double columns = points.width == PointsSize::unknown ? 0 : static_cast<double>(points.width);
  return count * count * (columns + 2 * columns_a_component * params.value("width", static_cast<double>(smallest_width))) / flop_per_s;
}

}  // namespace

MethodSpec kernel_pca_method() {
  using namespace param;
  return {.kind = MethodKind::reduction,
          .name = "kernel_pca",
          .display_name = "kernel PCA",
          .doc = "principal component analysis in the space that a kernel stands for",
          .source = "Schölkopf, Smola and Müller 1998; sklearn.decomposition.KernelPCA 1.2",
          .version = 2,
          .other_names = {"kernelpca", "kpca", "kernelprincipalcomponentanalysis"},
          .main_parameter = "dim",
          .example = "kernel_pca: {dim: 50, kernel: rbf}",
          .params = {integer("dim", nullptr, 1, "components kept"),
                     choice("kernel", "linear", {"linear", "rbf", "poly", "sigmoid", "cosine"}, "how alike two images are"),
                     automatic_at(0, real("gamma", 0.0, 0, "of rbf, poly and sigmoid; auto: 1 / dimensions of the points")),
                     only_if("kernel", "poly", integer("degree", 3, 1, "of poly: the power that is taken")),
                     any_number("coef0", 1.0, "of poly and sigmoid: added before the power or the tanh")},
          .extent = Extent{"dim", Extent::Kind::slice},
          .blas = true,
          .metrics = {"explained_variance"},
          .files = {"eigenvalues.npy"},
          .problems = problems,
          .task_params = task_params,
          .cost = cost};
}

}  // namespace latentgrid
