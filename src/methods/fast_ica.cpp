#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr double flop_per_s = 8e9;
constexpr double usual_iterations = 60;
constexpr double flop_a_value = 60;  // of the tanh or its like

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  if (auto problem = too_many_dimensions("FastICA", params.at("dim"), points)) return {*problem};
  return {};
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto images = static_cast<double>(points.count);
  const double dim = params.value("dim", 2.0), columns = points.width == PointsSize::unknown ? 0 : static_cast<double>(points.width);
  const double iterations = std::min(params.value("max_iterations", usual_iterations), usual_iterations);
  return images * (8 * columns * dim + iterations * dim * (4 * dim + flop_a_value)) / flop_per_s;
}

}  // namespace

MethodSpec fast_ica_method() {
  using namespace param;
  return {.kind = MethodKind::reduction,
          .name = "fast_ica",
          .display_name = "FastICA",
          .doc = "independent component analysis: the directions along which the whitened points are least Gaussian",
          .source = "Hyvärinen 1999; sklearn.decomposition.FastICA 1.2 with whiten unit-variance",
          .other_names = {"fastica", "ica", "independentcomponentanalysis"},
          .main_parameter = "dim",
          .example = "fast_ica: {dim: 8}",
          .params = {integer("dim", nullptr, 1, "components, of as many principal directions"),
                     choice("algorithm", "parallel", {"parallel", "deflation"}, "all components together, or one after the other"),
                     choice("fun", "logcosh", {"logcosh", "exp", "cube"}, "how far from Gaussian is measured"),
                     integer("max_iterations", 200, 1, "of all components, or of each one"),
                     real("tolerance", 1e-4, 0, "stop when the cosine between a direction and the last one differs less from 1")},
          .stochastic = true,
          .blas = true,
          .problems = problems,
          .cost = cost};
}

}  // namespace latentgrid
