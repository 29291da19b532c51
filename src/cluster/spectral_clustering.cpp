#include <string>
#include <utility>
#include <vector>

#include "cluster/clustering.hpp"
#include "cluster/spectral.hpp"

namespace latentgrid {

std::vector<ClusteringResult> cluster_spectral(const ClusteringInput& input) {
  const std::string assign = input.params.at("assign_labels");
  const SpectralClusteringOptions options{.k = input.params.at("k"),
                                          .n_neighbors = input.params.at("n_neighbors"),
                                          .assign_labels = assign == "discretize"   ? AssignLabels::discretize
                                                           : assign == "cluster_qr" ? AssignLabels::cluster_qr
                                                                                    : AssignLabels::kmeans,
                                          .n_init = input.params.value("n_init", std::int64_t{10}),
                                          .seed = input.seed,
                                          .threads = input.threads,
                                          .services = input.services};
  SpectralClustering found = spectral_clustering(input.points, options, input.progress);
  return {{.clusters = std::move(found.clusters),
           .record = {{"method", "spectral"},
                      {"k", found.k},
                      {"k_by", options.k > 0 ? "given" : "eigengap"},
                      {"assign_labels", assign},
                      {"components", found.components},
                      {"eigenvalues", std::vector<double>(found.eigenvalues.begin(), found.eigenvalues.end())}}}};
}

}  // namespace latentgrid
