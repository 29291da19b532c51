#include <array>
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

}  // namespace

std::vector<ClusteringResult> cluster_gmm(const ClusteringInput& input) {
  const std::string covariance = input.params.at("covariance");
  const GmmOptions options{.k = input.params.at("k"),
                           .covariance = covariance_of(covariance),
                           .n_init = input.params.at("n_init"),
                           .max_iterations = input.params.at("max_iterations"),
                           .tolerance = input.params.at("tolerance"),
                           .reg_covar = input.params.at("reg_covar"),
                           .seed = input.seed,
                           .threads = input.threads};
  GmmResult result = gmm(input.points, options, input.progress);
  return {{.clusters = std::move(result.clusters),
           .metrics = {{"log_likelihood", result.log_likelihood},
                      {"bic", result.bic},
                      {"aic", result.aic},
                      {"iterations", result.iterations()},
                      {"converged", result.converged ? 1 : 0}},
           .record = {{"method", "gmm"}, {"k", options.k}, {"covariance", covariance}, {"n_init", options.n_init}, {"start_kept", result.start}}}};
}

}  // namespace latentgrid
