#include "cluster/discretize.hpp"

#include <Eigen/SVD>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_iterations = 20;

// Columns to the length of a vector of ones, against the sign of their first element; then rows to length 1.
void scale(Eigen::MatrixXd& vectors) {
  const double length = std::sqrt(static_cast<double>(vectors.rows()));
  for (Eigen::Index k = 0; k < vectors.cols(); ++k) {
    const double own = vectors.col(k).norm();
    if (own > 0) vectors.col(k) *= (vectors(0, k) > 0 ? -length : length) / own;
  }
  for (Eigen::Index i = 0; i < vectors.rows(); ++i) {
    const double own = vectors.row(i).norm();
    if (own > 0) vectors.row(i) /= own;
  }
}

// Rows that are as orthogonal to one another as can be.
Eigen::MatrixXd first_rotation(const Eigen::MatrixXd& vectors, std::int64_t first) {
  Eigen::MatrixXd rotation(vectors.cols(), vectors.cols());
  rotation.col(0) = vectors.row(first).transpose();
  Eigen::VectorXd along = Eigen::VectorXd::Zero(vectors.rows());
  for (Eigen::Index k = 1; k < vectors.cols(); ++k) {
    along += (vectors * rotation.col(k - 1)).cwiseAbs();
    Eigen::Index least = 0;
    along.minCoeff(&least);
    rotation.col(k) = vectors.row(least).transpose();
  }
  return rotation;
}

}  // namespace

Discretization discretize(Eigen::MatrixXd vectors, std::int64_t first) {
  if (first < 0 || first >= vectors.rows() || vectors.cols() < 1) throw Error("discretize: no vectors to begin with");
  scale(vectors);
  Eigen::MatrixXd rotation = first_rotation(vectors, first);
  const auto points = static_cast<double>(vectors.rows());
  Discretization out{.clusters = std::vector<std::int32_t>(static_cast<std::size_t>(vectors.rows()))};
  double last = 0;
  while (true) {
    ++out.iterations;
    const Eigen::MatrixXd turned = vectors * rotation;
    Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(vectors.cols(), vectors.cols());  // of the rows of each cluster
    for (Eigen::Index i = 0; i < turned.rows(); ++i) {
      Eigen::Index largest = 0;
      turned.row(i).maxCoeff(&largest);
      out.clusters[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(largest);
      sums.row(largest) += vectors.row(i);
    }
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(sums, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const double cut = 2 * (points - svd.singularValues().sum());
    if (std::abs(cut - last) < std::numeric_limits<double>::epsilon() || out.iterations > most_iterations) return out;
    last = cut;
    rotation = svd.matrixV() * svd.matrixU().transpose();
  }
}

}  // namespace latentgrid
