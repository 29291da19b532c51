#include <fmt/format.h>

#include <algorithm>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

// Rates of one core.
constexpr double neighbor_pairs_per_s = 5e8;
constexpr double tree_values_per_s = 6e9;

// The smallest cluster decides how many neighbors make a place dense, unless it is said; all images are the most there are.
Json settled(const Json& params, const PointsSize& points) {
  Json all = params;
  if (all.at("min_samples") == 0) all["min_samples"] = std::min(all.at("min_cluster_size").get<std::int64_t>(), points.count);
  return all;
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  const std::int64_t size = params.at("min_cluster_size"), samples = params.at("min_samples");
  if (samples > points.count) {
    return {{.parameter = "min_samples",
             .message = fmt::format("HDBSCAN with min_samples {} needs as many images, and there {} {}", samples,
                                    points.count == 1 ? "is" : "are", points.count),
             .hint = fmt::format("write hdbscan: {{min_samples: {}}}, or less", points.count),
             .possible = points.count}};
  }
  if (size > points.count) {
    return {{.parameter = "min_cluster_size",
             .message = fmt::format("HDBSCAN finds no cluster of {} images or more among {}: all of them will be noise", size, points.count),
             .hint = "write a smaller min_cluster_size, or choose more images",
             .warning = true}};
  }
  return {};
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const double pairs = static_cast<double>(points.count) * static_cast<double>(points.count);
  const double neighbors = params.value("min_samples", std::int64_t{5}) > 1 ? pairs / neighbor_pairs_per_s : 0;
  return neighbors + pairs * (static_cast<double>(points.width) + 4) / tree_values_per_s;
}

}  // namespace

MethodSpec hdbscan_method() {
  using namespace param;
  return {.kind = MethodKind::clustering,
          .name = "hdbscan",
          .display_name = "HDBSCAN",
          .doc = "dense groups of any shape, as many as there are, and noise between them; one hierarchy serves every min_cluster_size that "
                 "has the same min_samples",
          .source = "Campello, Moulavi and Sander 2013; sklearn.cluster.HDBSCAN 1.3",
          .other_names = {"hierarchicaldbscan"},
          .main_parameter = "min_cluster_size",
          .example = "hdbscan: {min_cluster_size: 50, min_samples: 10}",
          .params = {integer("min_cluster_size", 5, 2, "images of the smallest cluster"),
                     automatic_at(0, integer("min_samples", 0, 1,
                                             "images that a dense place has, the image itself among them: more make more noise; auto: "
                                             "as min_cluster_size")),
                     choice("cluster_selection_method", "eom", {"eom", "leaf"}, "the most stable clusters, or the smallest that there are"),
                     real("cluster_selection_epsilon", 0.0, 0, "clusters that part at a smaller distance stay together"),
                     boolean("allow_single_cluster", false, "all images may be one cluster")},
          .extent = Extent{"min_cluster_size", Extent::Kind::slice},
          .has_noise = true,
          .settled = settled,
          .problems = problems,
          .cost = cost};
}

}  // namespace latentgrid
