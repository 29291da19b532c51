#include "cluster/cluster_qr.hpp"

#include <fmt/format.h>

#include <Eigen/QR>
#include <Eigen/SVD>

#include "base/error.hpp"

namespace latentgrid {

std::vector<std::int32_t> cluster_qr(const Eigen::MatrixXd& vectors) {
  const Eigen::Index k = vectors.cols();
  if (k < 1 || vectors.rows() < k) throw Error(fmt::format("cluster_qr: {} clusters of {} points", k, vectors.rows()));
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(vectors.transpose());
  const auto& order = qr.colsPermutation().indices();
  Eigen::MatrixXd chosen(k, k);
  for (Eigen::Index c = 0; c < k; ++c) chosen.col(c) = vectors.row(order[c]).transpose();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(chosen, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::MatrixXd turned = vectors * (svd.matrixU() * svd.matrixV().transpose());
  std::vector<std::int32_t> clusters(static_cast<std::size_t>(vectors.rows()));
  for (Eigen::Index i = 0; i < turned.rows(); ++i) {
    Eigen::Index largest = 0;
    turned.row(i).cwiseAbs().maxCoeff(&largest);
    clusters[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(largest);
  }
  return clusters;
}

}  // namespace latentgrid
