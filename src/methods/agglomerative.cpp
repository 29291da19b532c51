#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "methods/method.hpp"

namespace latentgrid {

namespace {

constexpr double bytes_a_pair = 8;  // average and complete linkage keep the distance of every pair
constexpr double gib = 1024.0 * 1024 * 1024;
constexpr double most_bytes = 8 * gib;

// Rates of one core.
constexpr double ward_values_per_s = 6e9;
constexpr double pair_values_per_s = 1.2e10;
constexpr double chain_pairs_per_s = 8.5e7;

bool keeps_pairs(const std::string& linkage) {
  return linkage == "average" || linkage == "complete";
}

double bytes_of_pairs(double images) {
  return images * (images - 1) / 2 * bytes_a_pair;
}

std::vector<Problem> problems(const Json& params, const PointsSize& points) {
  if (points.count == PointsSize::unknown) return {};
  const std::int64_t k = params.value("k", std::int64_t{0});
  if (k > points.count) {
    return {{.parameter = "k",
             .message = fmt::format("agglomerative clustering cannot make {} clusters of {} image{}", k, points.count, points.count == 1 ? "" : "s"),
             .hint = fmt::format("write agglomerative: {{k: {}}}, or less", points.count),
             .possible = points.count}};
  }
  const std::string linkage = params.at("linkage");
  const auto images = static_cast<double>(points.count);
  if (keeps_pairs(linkage) && bytes_of_pairs(images) > most_bytes) {
    return {{.parameter = "linkage",
             .message = fmt::format("agglomerative clustering with {} linkage keeps the distance of every pair of images: {:.1f} GiB for {} images, "
                                    "more than the {:.0f} GiB that it may take",
                                    linkage, bytes_of_pairs(images) / gib, points.count, most_bytes / gib),
             .hint = fmt::format("write linkage: ward or single, which need little memory, or choose at most {:.0f} images",
                                 std::floor(0.5 + std::sqrt(0.25 + 2 * most_bytes / bytes_a_pair)))}};
  }
  return {};
}

double cost(const Json& params, std::int64_t, const PointsSize& points, bool) {
  const auto pairs = static_cast<double>(points.count) * static_cast<double>(points.count);
  const double width = static_cast<double>(points.width) + 4;
  const std::string linkage = params.value("linkage", "ward");
  if (linkage == "ward") return pairs * width / ward_values_per_s;
  return pairs * width / pair_values_per_s + (keeps_pairs(linkage) ? pairs / chain_pairs_per_s : 0);
}

}  // namespace

MethodSpec agglomerative_method() {
  using namespace param;
  return {.kind = MethodKind::clustering,
          .name = "agglomerative",
          .display_name = "agglomerative clustering",
          .doc = "merges the two nearest clusters, again and again, beginning with single images; one hierarchy serves every k",
          .source = "sklearn.cluster.AgglomerativeClustering 1.2, Euclidean",
          .other_names = {"agglomerativeclustering", "hierarchical", "hierarchicalclustering", "ward", "hac", "agnes", "hclust", "linkage"},
          .main_parameter = "k",
          .example = "agglomerative: {k: 10, linkage: ward}",
          .params = {automatic_at(0, integer("k", nullptr, 1,
                                             "clusters; the number of classes if there are labels; auto: the number, from 2 to the square root of "
                                             "the number of images, at which the next merge is farthest above the last one")),
                     choice("linkage", "ward", {"ward", "average", "complete", "single"},
                            "how far apart clusters are: what a merge adds to the squared distances from the centers, or the mean, largest or "
                            "smallest distance of their images")},
          .extent = Extent{"k", Extent::Kind::slice},
          .problems = problems,
          .cost = cost};
}

}  // namespace latentgrid
