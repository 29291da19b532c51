#include "methods/method.hpp"

namespace latentgrid {

namespace {

double cost(const Json&, std::int64_t, const PointsSize& points, bool) {
  constexpr double values_per_s = 2e8;
  const double width = points.width == PointsSize::unknown ? 0 : static_cast<double>(points.width);
  return static_cast<double>(points.count) * width / values_per_s;
}

}  // namespace

MethodSpec standardize_method() {
  return {.kind = MethodKind::reduction,
          .name = "standardize",
          .display_name = "standardization",
          .doc = "zero mean and unit variance in every dimension; a constant one becomes zero",
          .source = "sklearn.preprocessing.StandardScaler",
          .other_names = {"standardization", "standardscaler", "scale", "scaler", "zscore", "normalize"},
          .example = "standardize",
          .files = {"mean.npy", "scale.npy"},
          .cost = cost};
}

}  // namespace latentgrid
