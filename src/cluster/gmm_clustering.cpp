#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "cluster/clustering.hpp"
#include "cluster/gmm.hpp"

namespace latentgrid {

namespace {

Covariance covariance_of(const std::string& name) {
  constexpr std::array names = {std::pair("full", Covariance::full), std::pair("tied", Covariance::tied), std::pair("diag", Covariance::diag)};
  for (const auto& [known, covariance] : names) {
    if (name == known) return covariance;
  }
  return Covariance::spherical;
}

GmmOptions options_of(const ClusteringInput& input) {
  return {.k = input.params.at("k"),
          .covariance = covariance_of(input.params.at("covariance")),
          .n_init = input.params.at("n_init"),
          .max_iterations = input.params.at("max_iterations"),
          .tolerance = input.params.at("tolerance"),
          .reg_covar = input.params.at("reg_covar"),
          .seed = input.seed,
          .threads = input.threads};
}

// The mixture of least BIC; of equal ones that of fewest Gaussians. `bics`: of 1, 2, ... Gaussians.
GmmResult of_least_bic(const ClusteringInput& input, GmmOptions& options, Json& bics) {
  const std::int64_t most = std::min<std::int64_t>(input.params.value("max_k", std::int64_t{20}), input.points.rows());
  std::optional<GmmResult> best;
  for (std::int64_t k = 1; k <= most; ++k) {
    GmmOptions tried = options;
    tried.k = k;
    GmmResult found = gmm(input.points, tried, [&](std::int64_t, std::int64_t) {
      if (input.progress) input.progress(k - 1, most);
    });
    bics.push_back(found.bic);
    if (best && found.bic >= best->bic) continue;
    best = std::move(found);
    options.k = k;
  }
  return std::move(*best);
}

}  // namespace

std::vector<ClusteringResult> cluster_gmm(const ClusteringInput& input) {
  GmmOptions options = options_of(input);
  Json record = {{"method", "gmm"}, {"covariance", input.params.at("covariance")}, {"n_init", options.n_init}};
  Json bics = Json::array();
  GmmResult result = options.k == 0 ? of_least_bic(input, options, bics) : gmm(input.points, options, input.progress);
  record["k"] = options.k;
  record["start_kept"] = result.start;
  if (!bics.empty()) record["bic_of_k"] = bics;
  return {{.clusters = std::move(result.clusters),
           .metrics = {{"log_likelihood", result.log_likelihood},
                       {"bic", result.bic},
                       {"aic", result.aic},
                       {"iterations", result.iterations()},
                       {"converged", result.converged ? 1 : 0}},
           .record = record}};
}

}  // namespace latentgrid
