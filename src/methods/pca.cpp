#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t smallest_width = 64;
constexpr double flop_per_s = 40e9;

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  if (auto problem = too_many_dimensions("PCA", params.at("dim"), points)) return {*problem};
  return {};
}

Json task_params(const Json& params, std::int64_t dim, const PointsSize& points) {
  Json all = params;
  all["width"] = shared_width(dim, smallest_width, std::min(points.width, points.count));
  return all;
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const double width = params.value("width", static_cast<double>(smallest_width));
  return static_cast<double>(points.count) * width * width * 64 / flop_per_s;
}

}  // namespace

MethodSpec pca_method() {
  return {.kind = MethodKind::reduction,
          .name = "pca",
          .display_name = "PCA",
          .doc = "principal component analysis: the directions of largest variance",
          .source = "sklearn.decomposition.PCA",
          .version = 5,
          .other_names = {"principalcomponents", "principalcomponentanalysis"},
          .main_parameter = "dim",
          .example = "pca: {dim: 8}",
          .params = {param::integer("dim", nullptr, 1, "directions kept"),
                     param::default_dropped(param::boolean("whiten", false, "scale every direction to unit variance"))},
          .extent = Extent{"dim", Extent::Kind::slice},
          .blas = true,
          .metrics = {"explained_variance"},
          .files = {"components.npy", "mean.npy", "explained_variance_ratio.npy"},
          .default_map = DefaultMap{},
          .problems = problems,
          .task_params = task_params,
          .cost = cost};
}

}  // namespace latentgrid
