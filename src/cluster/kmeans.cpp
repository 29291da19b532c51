#include "cluster/kmeans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t block_rows = 256;  // of one distance computation
constexpr std::int64_t sum_parts = 16;    // in which centers are summed up, whatever the number of threads

struct Assignment {
  std::vector<std::int32_t> clusters;
  std::vector<float> distances;  // squared, to the own center when it was last looked at
  // Hamerly's bounds (2010): the own center is at most `upper` away, every other at least `lower`.
  std::vector<double> upper, lower;
};

// How much nearer than the bounds of another center the own must be to be nearest in float32 as well.
constexpr double bound_margin = 1e-4;

// What the points of one block, or of all, add up to by cluster.
struct Sums {
  Eigen::MatrixXd positions;  // columns × k
  Eigen::VectorXd counts;
};

class Lloyd {
 public:
  Lloyd(ConstMatrixRef points, const KmeansOptions& options)
      : points_(points), rows_(points), options_(options), blocks_((points.rows() + block_rows - 1) / block_rows) {
    tolerance_ = options.tolerance * mean_variance();
  }

  KmeansResult run(std::int64_t start) const {
    RandomStream random(options_.seed, "kmeans", {start});
    MatrixRf centers = choose_centers(random);
    Assignment assignment = assign(centers);
    Sums sums = sums_of(assignment.clusters);
    KmeansResult out{.start = start};
    bool settled = false;
    while (!settled && out.iterations < options_.max_iterations) {
      ++out.iterations;
      MatrixRf moved = new_centers(centers, sums, assignment);
      const Eigen::VectorXd moves = (moved - centers).cast<double>().rowwise().norm();
      centers = std::move(moved);
      const std::vector<std::int32_t> before = assignment.clusters;
      reassign(centers, moves, assignment);
      // Unchanged clusters have these centers already; a small move ends the search with the assignment to the moved
      // centers.
      settled = before == assignment.clusters || moves.squaredNorm() <= tolerance_;
      if (!settled) carry_over(before, assignment.clusters, sums);
    }
    assignment = assign(centers);
    out.inertia = std::accumulate(assignment.distances.begin(), assignment.distances.end(), 0.0);
    out.clusters = std::move(assignment.clusters);
    out.centers = std::move(centers);
    return out;
  }

 private:
  template <typename Function>
  void for_blocks(const Function& function) const {
    parallel_for(blocks_, options_.threads, [&](std::int64_t block) {
      function(block * block_rows, std::min((block + 1) * block_rows, rows_.count()));
    });
  }

  double mean_variance() const {
    const auto n = static_cast<double>(points_.rows());
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(points_.cols());
    for (Eigen::Index i = 0; i < points_.rows(); ++i) mean += points_.row(i).cast<double>();
    mean /= n;
    double sum = 0;
    for (Eigen::Index i = 0; i < points_.rows(); ++i) sum += (points_.row(i).cast<double>() - mean).squaredNorm();
    return sum / n / static_cast<double>(points_.cols());
  }

  Assignment assign(const MatrixRf& centers) const {
    const auto n = static_cast<std::size_t>(points_.rows());
    Assignment out{std::vector<std::int32_t>(n), std::vector<float>(n), std::vector<double>(n), std::vector<double>(n)};
    const DistanceRows center_rows(ConstMatrixRef(centers.data(), centers.rows(), centers.cols()));
    for_blocks([&](std::int64_t begin, std::int64_t end) { assign_rows(begin, end, center_rows, out); });
    return out;
  }

  void assign_rows(std::int64_t begin, std::int64_t end, const DistanceRows& centers, Assignment& out) const {
    const std::int64_t k = centers.count();
    std::vector<float> distances((end - begin) * k);
    squared_distances(rows_, begin, end, centers, 0, k, distances.data(), k);
    for (std::int64_t i = begin; i < end; ++i) {
      float* row = distances.data() + (i - begin) * k;
      const auto nearest = std::min_element(row, row + k) - row;
      out.clusters[i] = static_cast<std::int32_t>(nearest);
      out.distances[i] = row[nearest];
      out.upper[i] = std::sqrt(static_cast<double>(row[nearest]));
      row[nearest] = std::numeric_limits<float>::infinity();
      out.lower[i] = std::sqrt(static_cast<double>(*std::min_element(row, row + k)));
    }
  }

  // The assignment to centers that moved, looking only at points whose bounds leave it open; four rows cost little more
  // than one.
  void reassign(const MatrixRf& centers, const Eigen::VectorXd& moves, Assignment& assignment) const {
    constexpr std::int64_t group = 4;
    const DistanceRows center_rows(ConstMatrixRef(centers.data(), centers.rows(), centers.cols()));
    const double farthest = moves.maxCoeff();
    for_blocks([&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t from = begin; from < end; from += group) {
        const std::int64_t to = std::min(from + group, end);
        bool open = false;
        for (std::int64_t i = from; i < to; ++i) {
          assignment.upper[i] += moves[assignment.clusters[i]];
          assignment.lower[i] -= farthest;
          open = open || !(assignment.upper[i] * (1 + bound_margin) < assignment.lower[i] * (1 - bound_margin));
        }
        if (open) assign_rows(from, to, center_rows, assignment);
      }
    });
  }

  // Sums over fixed parts of the points, added in their order; `add(i, part)` adds point i to a part.
  template <typename Add>
  Sums sum_parts_of(const Add& add) const {
    std::vector<Sums> parts(sum_parts);
    parallel_for(sum_parts, options_.threads, [&](std::int64_t index) {
      Sums& part = parts[index];
      part.positions = Eigen::MatrixXd::Zero(points_.cols(), options_.k);
      part.counts = Eigen::VectorXd::Zero(options_.k);
      const std::int64_t begin = rows_.count() * index / sum_parts, end = rows_.count() * (index + 1) / sum_parts;
      for (std::int64_t i = begin; i < end; ++i) add(i, part);
    });
    Sums total = std::move(parts[0]);
    for (std::int64_t index = 1; index < sum_parts; ++index) {
      total.positions += parts[index].positions;
      total.counts += parts[index].counts;
    }
    return total;
  }

  Sums sums_of(const std::vector<std::int32_t>& clusters) const {
    return sum_parts_of([&](std::int64_t i, Sums& part) {
      part.positions.col(clusters[i]) += points_.row(i).transpose().cast<double>();
      part.counts[clusters[i]] += 1;
    });
  }

  // The sums after some points changed their clusters: few do after the first iterations.
  void carry_over(const std::vector<std::int32_t>& before, const std::vector<std::int32_t>& after, Sums& sums) const {
    const Sums change = sum_parts_of([&](std::int64_t i, Sums& part) {
      if (before[i] == after[i]) return;
      const Eigen::VectorXd position = points_.row(i).transpose().cast<double>();
      part.positions.col(before[i]) -= position;
      part.positions.col(after[i]) += position;
      part.counts[before[i]] -= 1;
      part.counts[after[i]] += 1;
    });
    sums.positions += change.positions;
    sums.counts += change.counts;
  }

  MatrixRf new_centers(const MatrixRf& centers, const Sums& sums, const Assignment& assignment) const {
    Sums total = sums;
    fill_empty_clusters(total, centers, assignment);
    MatrixRf out = centers;
    for (Eigen::Index c = 0; c < centers.rows(); ++c) {
      if (total.counts[c] > 0) out.row(c) = (total.positions.col(c) / total.counts[c]).transpose().cast<float>();
    }
    return out;
  }

  void fill_empty_clusters(Sums& sums, const MatrixRf& centers, const Assignment& assignment) const {
    std::vector<Eigen::Index> empty;
    for (Eigen::Index c = 0; c < sums.counts.size(); ++c) {
      if (sums.counts[c] == 0) empty.push_back(c);
    }
    if (empty.empty()) return;
    const std::vector<float> distances = assign(centers).distances;  // those of the assignment may be older
    std::vector<std::int64_t> farthest(points_.rows());
    std::iota(farthest.begin(), farthest.end(), 0);
    std::partial_sort(farthest.begin(), farthest.begin() + static_cast<std::ptrdiff_t>(empty.size()), farthest.end(),
                      [&](std::int64_t a, std::int64_t b) {
                        return std::pair(-distances[a], a) < std::pair(-distances[b], b);
                      });
    for (std::size_t e = 0; e < empty.size(); ++e) {
      const std::int64_t point = farthest[e];
      const Eigen::VectorXd position = points_.row(point).transpose().cast<double>();
      const std::int32_t from = assignment.clusters[point];
      sums.positions.col(from) -= position;
      sums.counts[from] -= 1;
      sums.positions.col(empty[e]) = position;
      sums.counts[empty[e]] = 1;
    }
  }

  // Squared distances of all points to `candidates` (indices of points), points × candidates.
  MatrixRf distances_to(const std::vector<std::int64_t>& candidates) const {
    MatrixRf chosen(candidates.size(), points_.cols());
    for (std::size_t c = 0; c < candidates.size(); ++c) chosen.row(c) = points_.row(candidates[c]);
    const DistanceRows chosen_rows(ConstMatrixRef(chosen.data(), chosen.rows(), chosen.cols()));
    MatrixRf out(points_.rows(), chosen.rows());
    for_blocks([&](std::int64_t begin, std::int64_t end) {
      squared_distances(rows_, begin, end, chosen_rows, 0, chosen_rows.count(), out.data() + begin * out.cols(),
                        out.cols());
    });
    return out;
  }

  // k-means++ (Arthur and Vassilvitskii 2007), greedy over a few candidates a center.
  MatrixRf choose_centers(RandomStream& random) const {
    const auto n = static_cast<std::uint64_t>(points_.rows());
    const auto trials = static_cast<std::size_t>(2 + static_cast<int>(std::log(static_cast<double>(options_.k))));
    MatrixRf centers(options_.k, points_.cols());
    const auto first = static_cast<std::int64_t>(random.below(n));
    centers.row(0) = points_.row(first);
    Eigen::VectorXf closest = distances_to({first}).col(0);
    for (Eigen::Index c = 1; c < options_.k; ++c) {
      const std::vector<std::int64_t> candidates = draw(closest, trials, random);
      const MatrixRf distances = distances_to(candidates).array().min(closest.array().replicate(1, candidates.size()));
      std::size_t best = 0;
      double least = 0;
      for (std::size_t t = 0; t < candidates.size(); ++t) {
        const double potential = ordered_sum(distances.col(t));
        if (t == 0 || potential < least) {
          best = t;
          least = potential;
        }
      }
      closest = distances.col(best);
      centers.row(c) = points_.row(candidates[best]);
    }
    return centers;
  }

  static double ordered_sum(const Eigen::VectorXf& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
  }

  // Indices of points with probabilities proportional to `weights`.
  static std::vector<std::int64_t> draw(const Eigen::VectorXf& weights, std::size_t count, RandomStream& random) {
    std::vector<double> sums(weights.size());
    std::inclusive_scan(weights.begin(), weights.end(), sums.begin(), std::plus<>(), 0.0);
    std::vector<std::int64_t> out(count);
    for (std::int64_t& index : out) {
      const auto place = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sums.back());
      index = std::min<std::int64_t>(place - sums.begin(), weights.size() - 1);
    }
    return out;
  }

  ConstMatrixRef points_;
  DistanceRows rows_;
  KmeansOptions options_;
  std::int64_t blocks_;
  double tolerance_ = 0;
};

}  // namespace

KmeansResult kmeans(ConstMatrixRef points, const KmeansOptions& options,
                    const std::function<void(std::int64_t)>& progress) {
  if (options.k < 1 || options.k > points.rows()) {
    throw Error(
        fmt::format("k-means: {} clusters of {} points: ask for 1 to {}", options.k, points.rows(), points.rows()));
  }
  if (!all_finite(points)) throw Error("k-means: a coordinate is not finite");
  // Starts side by side need no waiting for one another; threads beyond their number work within them.
  const int side_by_side = static_cast<int>(std::clamp<std::int64_t>(options.threads, 1, std::max<std::int64_t>(options.n_init, 1)));
  KmeansOptions within = options;
  within.threads = std::max(1, options.threads / side_by_side);
  const Lloyd lloyd(points, within);
  std::mutex mutex;
  std::int64_t done = 0;
  KmeansResult best;
  parallel_for(options.n_init, side_by_side, [&](std::int64_t start) {
    KmeansResult result = lloyd.run(start);
    std::scoped_lock lock(mutex);
    const bool better = std::pair(result.inertia, start) < std::pair(best.inertia, best.start);
    if (done++ == 0 || better) best = std::move(result);
    if (progress) progress(done);
  });
  return best;
}

}  // namespace latentgrid
