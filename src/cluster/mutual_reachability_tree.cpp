#include "cluster/mutual_reachability_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "cluster/spanning_tree.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t points_a_task = 256;

// Summed as spanning_step does it: a core distance is exactly the distance of the point that it was taken from.
double squared_distance(ConstMatrixRef points, std::int64_t a, std::int64_t b) {
  double sum = 0;
  for (Eigen::Index i = 0; i < points.cols(); ++i) {
    const double difference = static_cast<double>(points(a, i)) - static_cast<double>(points(b, i));
    sum += difference * difference;
  }
  return sum;
}

// Empty: all are 0.
std::vector<double> squared_core_distances(ConstMatrixRef points, std::int64_t min_samples, int threads, Services& services) {
  const std::int64_t count = points.rows(), others = min_samples - 1;
  if (others == 0) return {};
  const Neighbors near = services.neighbors(points, others, threads);
  std::vector<double> cores(count);
  parallel_for((count + points_a_task - 1) / points_a_task, threads, [&](std::int64_t task) {
    for (std::int64_t i = task * points_a_task; i < std::min(count, (task + 1) * points_a_task); ++i) {
      for (std::int64_t m = 0; m < others; ++m) cores[i] = std::max(cores[i], squared_distance(points, i, near.indices[i * others + m]));
    }
  });
  return cores;
}

}  // namespace

LinkageTree mutual_reachability_tree(ConstMatrixRef points, std::int64_t min_samples, int threads, Services& services, const TreeProgress& progress) {
  const std::int64_t count = points.rows();
  if (min_samples < 1 || min_samples > count) {
    throw Error(fmt::format("HDBSCAN: min_samples {} of {} points: ask for 1 to {}", min_samples, count, count));
  }
  if (!all_finite(points)) throw Error("HDBSCAN: a coordinate is not finite");
  const std::vector<double> cores = squared_core_distances(points, min_samples, threads, services);
  return linkage_tree(count, minimum_spanning_tree(points, cores, threads, progress));
}

}  // namespace latentgrid
