#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "cluster/clustering.hpp"
#include "cluster/lance_williams.hpp"
#include "cluster/linkage_tree.hpp"
#include "cluster/single_tree.hpp"
#include "cluster/ward_tree.hpp"

namespace latentgrid {

namespace {

LinkageTree tree_of(const std::string& linkage, const ClusteringInput& input) {
  if (linkage == "ward") return ward_tree(input.points, input.threads, *input.services, input.progress);
  if (linkage == "single") return single_tree(input.points, input.threads, input.progress);
  if (linkage == "average") return lance_williams_tree(input.points, Linkage::average, input.threads, input.progress);
  return lance_williams_tree(input.points, Linkage::complete, input.threads, input.progress);
}

std::int64_t most_automatic_clusters(std::int64_t points) {
  return std::max<std::int64_t>(2, static_cast<std::int64_t>(std::sqrt(static_cast<double>(points))));
}

}  // namespace

// Each extent is a number of clusters, 0 for the one of the largest gap.
std::vector<ClusteringResult> cluster_agglomerative(const ClusteringInput& input) {
  const std::string linkage = input.params.at("linkage");
  const std::int64_t points = input.points.rows();
  for (const std::int64_t k : input.extents) {
    if (k < 0 || k > points) throw Error(fmt::format("agglomerative clustering: {} clusters of {} points: ask for 1 to {}", k, points, points));
  }
  const LinkageTree tree = tree_of(linkage, input);
  std::vector<ClusteringResult> results;
  for (const std::int64_t asked : input.extents) {
    ClusteringResult result;
    result.record = {{"method", "agglomerative"}, {"linkage", linkage}, {"k", asked}};
    if (asked == 0) {
      const LargestGap found = largest_gap(tree, most_automatic_clusters(points));
      result.record["k"] = found.k;
      result.record["gap"] = found.gap;
    }
    result.clusters = cut(tree, result.record["k"]);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace latentgrid
