#include "score/calinski_harabasz.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/error.hpp"
#include "score/partition.hpp"

namespace latentgrid {

std::optional<double> calinski_harabasz(ConstMatrixRef points, std::span<const std::int32_t> clusters) {
  const Eigen::Index n = points.rows();
  if (static_cast<Eigen::Index>(clusters.size()) != n) {
    throw Error(fmt::format("calinski_harabasz: {} points, {} have a cluster", n, clusters.size()));
  }
  using Means = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Partition parts(clusters);
  Means means = Means::Zero(parts.count(), points.cols());
  std::vector<double> sizes(parts.count());
  for (Eigen::Index i = 0; i < n; ++i) {
    means.row(parts.of_points[i]) += points.row(i).cast<double>();
    ++sizes[parts.of_points[i]];
  }
  const Eigen::RowVectorXd center = means.colwise().sum() / static_cast<double>(n);
  double used = 0, between = 0, within = 0;
  for (Eigen::Index part = 0; part < means.rows(); ++part) {
    if (sizes[part] == 0) continue;
    ++used;
    means.row(part) /= sizes[part];
    between += sizes[part] * (means.row(part) - center).squaredNorm();
  }
  if (used < 2 || used >= static_cast<double>(n)) return std::nullopt;
  for (Eigen::Index i = 0; i < n; ++i)
    within += (points.row(i).cast<double>() - means.row(parts.of_points[i])).squaredNorm();
  if (within == 0) return 1;
  return between * (static_cast<double>(n) - used) / (within * (used - 1));
}

}  // namespace latentgrid
