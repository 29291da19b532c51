#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "base/error.hpp"
#include "cluster/clustering.hpp"
#include "cluster/kmeans.hpp"

namespace latentgrid {

namespace {

ClusteringResult run_kmeans(const ClusteringInput& input) {
  const KmeansOptions options{.k = input.params.at("k"),
                              .n_init = input.params.at("n_init"),
                              .max_iterations = input.params.at("max_iterations"),
                              .tolerance = input.params.at("tolerance"),
                              .seed = input.seed,
                              .threads = input.threads};
  KmeansResult result = kmeans(input.points, options, [&](std::int64_t done) {
    if (input.progress) input.progress(done, options.n_init);
  });
  return {.clusters = std::move(result.clusters),
          .metrics = {{"inertia", result.inertia}, {"iterations", result.iterations}},
          .record = {{"method", "kmeans"}, {"k", options.k}, {"n_init", options.n_init}, {"start_kept", result.start}}};
}

struct Entry {
  std::string_view name;
  ClusteringResult (*run)(const ClusteringInput& input);
};

constexpr std::array<Entry, 1> entries = {{{"kmeans", run_kmeans}}};

}  // namespace

ClusteringResult run_clustering(std::string_view method, const ClusteringInput& input) {
  for (const Entry& entry : entries) {
    if (entry.name == method) return entry.run(input);
  }
  throw Error(fmt::format("no clustering is called '{}'; there are {}", method, fmt::join(clustering_names(), ", ")));
}

std::vector<std::string> clustering_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries) names.emplace_back(entry.name);
  return names;
}

}  // namespace latentgrid
