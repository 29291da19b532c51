#include "cluster/clustering.hpp"
#include "cluster/kmeans.hpp"

namespace latentgrid {

std::vector<ClusteringResult> cluster_kmeans(const ClusteringInput& input) {
  const KmeansOptions options{.k = input.params.at("k"),
                              .n_init = input.params.at("n_init"),
                              .max_iterations = input.params.at("max_iterations"),
                              .tolerance = input.params.at("tolerance"),
                              .seed = input.seed,
                              .threads = input.threads};
  KmeansResult result = kmeans(input.points, options, [&](std::int64_t done) {
    if (input.progress) input.progress(done, options.n_init);
  });
  return {{.clusters = std::move(result.clusters),
           .metrics = {{"inertia", result.inertia}, {"iterations", result.iterations}},
           .record = {{"method", "kmeans"}, {"k", options.k}, {"n_init", options.n_init}, {"start_kept", result.start}}}};
}

}  // namespace latentgrid
