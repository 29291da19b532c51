#include "cluster/lance_williams.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "cluster/double_rows.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t rows_a_task = 64;
constexpr std::int64_t matrix_merges_a_pulse = 64;

// The distance of every two points or clusters; the lower triangle, by rows.
class DistanceTriangle {
 public:
  explicit DistanceTriangle(std::int64_t count) : values_(static_cast<std::size_t>(count * (count - 1) / 2)) {}
  double* row(std::int64_t i) { return values_.data() + i * (i - 1) / 2; }  // i distances
  double& at(std::int64_t i, std::int64_t j) { return i > j ? row(i)[j] : row(j)[i]; }

 private:
  std::vector<double> values_;
};

class LanceWilliams {
 public:
  LanceWilliams(ConstMatrixRef points, Linkage linkage, int threads, const TreeProgress& progress)
      : count_(points.rows()), linkage_(linkage), progress_(progress), distances_(count_), clusters_(count_), sizes_(count_, 1.0),
        heights_(count_, 0.0) {
    std::iota(clusters_.begin(), clusters_.end(), 0);
    const DoubleRows rows(points);
    const std::int64_t tasks = (count_ + rows_a_task - 1) / rows_a_task;
    parallel_for(tasks, threads, [&](std::int64_t index) {
      const std::int64_t task = tasks - 1 - index;  // the long rows first
      for (std::int64_t i = task * rows_a_task; i < std::min(count_, (task + 1) * rows_a_task); ++i) {
        rows.squared_distances(rows.row(i), 0, i, distances_.row(i));
        for (std::int64_t j = 0; j < i; ++j) distances_.row(i)[j] = std::sqrt(distances_.row(i)[j]);
      }
    });
  }

  std::vector<Join> run() {
    std::vector<std::int32_t> chain;  // each the nearest of the one before
    while (clusters_.size() > 1) {
      if (chain.empty()) chain.push_back(clusters_.front());
      const std::int32_t top = chain.back(), before = chain.size() > 1 ? chain[chain.size() - 2] : -1;
      const auto [distance, nearest] = nearest_of(top, before);
      // By rounding it can be one further down.
      const auto known = std::find(chain.rbegin(), chain.rend(), nearest);
      if (known == chain.rend()) {
        chain.push_back(nearest);
        continue;
      }
      chain.erase(known.base() - 1, chain.end());
      merge(std::min(top, nearest), std::max(top, nearest), distance);
    }
    return std::move(joins_);
  }

 private:
  // Of equally near ones the one before in the chain, so that chains end, otherwise the first.
  std::pair<double, std::int32_t> nearest_of(std::int32_t cluster, std::int32_t before) {
    std::pair<double, std::int32_t> best = {std::numeric_limits<double>::infinity(), -1};
    if (before >= 0) best = {distances_.at(cluster, before), before};
    const double* row = distances_.row(cluster);
    const auto self = std::lower_bound(clusters_.begin(), clusters_.end(), cluster);
    for (auto other = clusters_.begin(); other != self; ++other) {
      if (row[*other] < best.first || best.second < 0) best = {row[*other], *other};
    }
    for (auto other = self + 1; other != clusters_.end(); ++other) {
      const double distance = distances_.row(*other)[cluster];
      if (distance < best.first || best.second < 0) best = {distance, *other};
    }
    return best;
  }

  // The new cluster is called as the second one was.
  void merge(std::int32_t gone, std::int32_t kept, double distance) {
    clusters_.erase(std::lower_bound(clusters_.begin(), clusters_.end(), gone));
    const double size = sizes_[gone] + sizes_[kept];
    const double share = sizes_[gone] / size;
    for (const std::int32_t other : clusters_) {
      if (other == kept) continue;
      const double from_gone = distances_.at(gone, other);
      double& value = distances_.at(kept, other);
      value = linkage_ == Linkage::complete ? std::max(value, from_gone) : value + share * (from_gone - value);
    }
    heights_[kept] = std::max({distance, heights_[gone], heights_[kept]});
    sizes_[kept] = size;
    joins_.push_back({.first = gone, .second = kept, .height = heights_[kept]});
    const auto done = static_cast<std::int64_t>(joins_.size());
    if (progress_ && (done % matrix_merges_a_pulse == 0 || done == count_ - 1)) progress_(done, count_ - 1);
  }

  std::int64_t count_;
  Linkage linkage_;
  const TreeProgress& progress_;
  DistanceTriangle distances_;
  std::vector<std::int32_t> clusters_;   // ascending, each called by one of its points
  std::vector<double> sizes_, heights_;  // by that point
  std::vector<Join> joins_;
};

}  // namespace

LinkageTree lance_williams_tree(ConstMatrixRef points, Linkage linkage, int threads, const TreeProgress& progress) {
  if (points.rows() < 1) throw Error("agglomerative clustering: there are no points");
  if (!all_finite(points)) throw Error("agglomerative clustering: a coordinate is not finite");
  return linkage_tree(points.rows(), LanceWilliams(points, linkage, threads, progress).run());
}

}  // namespace latentgrid
