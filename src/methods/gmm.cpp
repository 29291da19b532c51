#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr double flop_per_s = 4e9;
constexpr double expected_iterations = 30;

// The k-means start is small beside it.
double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto width = static_cast<double>(points.width);
  const bool full = params.value("covariance", "full") == "full";
  const double a_cluster = full ? 2 * width * width + 8 * width + 60 : 10 * width + 60;
  const double starts = params.value("n_init", 1.0), iterations = std::min(params.value("max_iterations", expected_iterations), expected_iterations);
  const double k = params.value("k", 10.0), most = params.value("max_k", 20.0);
  const double gaussians = k > 0 ? k : most * (most + 1) / 2;  // auto: of each k
  return starts * iterations * static_cast<double>(points.count) * gaussians * a_cluster / flop_per_s;
}

}  // namespace

MethodSpec gmm_method() {
  using namespace param;
  return {.kind = MethodKind::clustering,
          .name = "gmm",
          .display_name = "Gaussian mixture",
          .doc = "a mixture of Gaussians, fitted by expectation-maximization from a k-means start; each image belongs to its most probable Gaussian",
          .source = "sklearn.mixture.GaussianMixture 1.2",
          .other_names = {"gaussianmixture", "gaussianmixturemodel", "mixture", "mixturemodel", "mixtureofgaussians", "mog", "em"},
          .main_parameter = "k",
          .example = "gmm: {k: 10}",
          .params = {automatic_at(0, integer("k", nullptr, 1, "Gaussians; the number of classes if there are labels; auto: as many as give the least BIC")),
                     default_dropped(integer("max_k", 20, 1, "the most that k: auto tries")),
                     choice("covariance", "full", {"full", "tied", "diag", "spherical"},
                            "a matrix for each cluster, one matrix for all, a variance for each dimension of each cluster, or one for each cluster"),
                     integer("n_init", 1, 1, "k-means starts; the one of largest likelihood is kept"),
                     integer("max_iterations", 100, 1, "of one start"),
                     real("tolerance", 1e-3, 0, "stop when the mean log-likelihood of an image changes less"),
                     real("reg_covar", 1e-6, 0, "added to every variance, so that none is zero")},
          .stochastic = true,
          .metrics = {"log_likelihood", "bic", "aic", "iterations", "converged"},
          .cost = cost};
}

}  // namespace latentgrid
