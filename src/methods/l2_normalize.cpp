#include "methods/method.hpp"

namespace latentgrid {

namespace {

double cost(const Json&, std::int64_t, const PointsSize& points, bool) {
  constexpr double values_per_s = 1e9;
  const double width = points.width == PointsSize::unknown ? 0 : static_cast<double>(points.width);
  return static_cast<double>(points.count) * width / values_per_s;
}

}  // namespace

MethodSpec l2_normalize_method() {
  return {.kind = MethodKind::reduction,
          .name = "l2_normalize",
          .display_name = "L2 normalization",
          .doc = "every vector divided by its length; one of length zero stays zero",
          .source = "sklearn.preprocessing.normalize",
          .other_names = {"l2normalize", "l2norm", "unitnorm", "normalizer", "l2normalization"},
          .example = "l2_normalize",
          .cost = cost};
}

}  // namespace latentgrid
