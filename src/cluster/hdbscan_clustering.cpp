#include <algorithm>
#include <string>
#include <utility>

#include "cluster/clustering.hpp"
#include "cluster/condensed_tree.hpp"
#include "cluster/mutual_reachability_tree.hpp"

namespace latentgrid {

namespace {

ClusterSelection selection_of(const Json& params) {
  return {.method = params.at("cluster_selection_method") == "leaf" ? ClusterSelection::Method::leaf : ClusterSelection::Method::eom,
          .epsilon = params.at("cluster_selection_epsilon"),
          .allow_single_cluster = params.at("allow_single_cluster")};
}

}  // namespace

// Each extent is a min_cluster_size; min_samples is settled (methods/hdbscan.cpp).
std::vector<ClusteringResult> cluster_hdbscan(const ClusteringInput& input) {
  const std::int64_t min_samples = input.params.at("min_samples");
  const LinkageTree tree = mutual_reachability_tree(input.points, min_samples, input.threads, *input.services, input.progress);
  std::vector<ClusteringResult> results;
  for (const std::int64_t size : input.extents) {
    ClusteringResult result;
    result.clusters = select_clusters(condensed_tree(tree, size), selection_of(input.params));
    const std::int32_t clusters = *std::max_element(result.clusters.begin(), result.clusters.end()) + 1;
    result.record = {{"method", "hdbscan"}, {"min_cluster_size", size}, {"min_samples", min_samples}, {"clusters", clusters}};
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace latentgrid
