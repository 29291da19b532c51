#include "score/linear_probe.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"

namespace latentgrid {

namespace {

using Matrix = Eigen::MatrixXd;
using Row = Eigen::RowVectorXd;

Matrix rows_of(ConstMatrixRef points, std::span<const std::int64_t> chosen) {
  Matrix rows(static_cast<Eigen::Index>(chosen.size()), points.cols());
  for (std::size_t i = 0; i < chosen.size(); ++i) rows.row(static_cast<Eigen::Index>(i)) = points.row(chosen[i]).cast<double>();
  return rows;
}

// 1 in the column of a point's class, -1 elsewhere.
Matrix targets(std::span<const std::int32_t> labels, std::span<const std::int64_t> chosen, const std::vector<std::int32_t>& classes) {
  Matrix all = Matrix::Constant(static_cast<Eigen::Index>(chosen.size()), static_cast<Eigen::Index>(classes.size()), -1);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), labels[static_cast<std::size_t>(chosen[i])]) - classes.begin();
    all(static_cast<Eigen::Index>(i), place) = 1;
  }
  return all;
}

// What standardizing by the training half takes; a constant column is left alone.
struct Scaler {
  Row mean, scale;
  explicit Scaler(const Matrix& x) : mean(x.colwise().mean()) {
    scale = ((x.rowwise() - mean).array().square().colwise().sum() / static_cast<double>(x.rows())).sqrt().matrix();
    for (Eigen::Index j = 0; j < scale.size(); ++j) {
      const double noise = 10 * std::numeric_limits<double>::epsilon() * std::abs(mean[j]) * static_cast<double>(x.rows());
      if (scale[j] <= noise) scale[j] = 1;
    }
  }
  void apply(Matrix& x) const { x = ((x.rowwise() - mean).array().rowwise() / scale.array()).matrix(); }
};

// By the smaller of the two Gram matrices.
Matrix ridge_weights(const Matrix& x, const Matrix& y, double ridge) {
  if (x.cols() <= x.rows()) {
    Matrix gram = Matrix::Zero(x.cols(), x.cols());
    gram.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
    gram.diagonal().array() += ridge;
    return gram.selfadjointView<Eigen::Lower>().ldlt().solve(x.transpose() * y);
  }
  Matrix gram = Matrix::Zero(x.rows(), x.rows());
  gram.selfadjointView<Eigen::Lower>().rankUpdate(x);
  gram.diagonal().array() += ridge;
  return x.transpose() * gram.selfadjointView<Eigen::Lower>().ldlt().solve(y);
}

}  // namespace

std::vector<std::int32_t> ridge_classes(ConstMatrixRef points, std::span<const std::int32_t> labels, double ridge,
                                        std::span<const std::int64_t> learned, std::span<const std::int64_t> judged) {
  std::set<std::int32_t> seen;
  for (std::int64_t i : learned) seen.insert(labels[static_cast<std::size_t>(i)]);
  const std::vector<std::int32_t> classes(seen.begin(), seen.end());
  Matrix x = rows_of(points, learned), other = rows_of(points, judged);
  const Scaler scaler(x);
  scaler.apply(x);
  scaler.apply(other);
  const Matrix y = targets(labels, learned, classes);
  const Row offset = y.colwise().mean();  // the columns of x have mean 0
  const Matrix scores = (other * ridge_weights(x, y.rowwise() - offset, ridge)).rowwise() + offset;
  std::vector<std::int32_t> found;
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    Eigen::Index best;
    scores.row(i).maxCoeff(&best);
    found.push_back(classes[static_cast<std::size_t>(best)]);
  }
  return found;
}

double linear_probe_accuracy(ConstMatrixRef points, std::span<const std::int32_t> labels, double ridge) {
  const std::int64_t count = points.rows();
  if (static_cast<std::int64_t>(labels.size()) != count) throw Error(fmt::format("{} points and {} labels", count, labels.size()));
  if (std::any_of(labels.begin(), labels.end(), [](std::int32_t label) { return label < 0; })) throw Error("a point without a label");
  if (count < 4 || std::set(labels.begin(), labels.end()).size() < 2) throw Error("a linear probe needs at least 4 points of at least 2 classes");
  const std::vector<std::int64_t> order = RandomStream(0, "probe.halves").permutation(count);
  const auto middle = static_cast<std::size_t>(count / 2);
  const std::span<const std::int64_t> all(order), first = all.first(middle), second = all.subspan(middle);
  std::int64_t right = 0;
  for (const auto& [learned, judged] : {std::pair(first, second), std::pair(second, first)}) {
    const std::vector<std::int32_t> found = ridge_classes(points, labels, ridge, learned, judged);
    for (std::size_t i = 0; i < judged.size(); ++i) right += found[i] == labels[static_cast<std::size_t>(judged[i])];
  }
  return static_cast<double>(right) / static_cast<double>(count);
}

}  // namespace latentgrid
