#include "neighbors/nearest_neighbors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <utility>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "neighbors/candidates.hpp"
#include "neighbors/distance_bounds.hpp"
#include "neighbors/near_pairs.hpp"

namespace latentgrid {

namespace {

class Search {
 public:
  Search(ConstMatrixRef points, std::int64_t k)
      : k_(k),
        rows_(points),
        bounds_(points),
        candidates_(points.rows()),
        limits_(points.rows(), std::numeric_limits<float>::infinity()),
        locks_(bounds_.blocks()) {}

  Neighbors run(int threads) {
    // One diagonal after the other: neighboring pairs of blocks share no block, so threads seldom wait for one another,
    // and every point soon has a limit.
    const std::int64_t blocks = bounds_.blocks();
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    pairs.reserve(blocks * (blocks + 1) / 2);
    for (std::int64_t apart = 0; apart < blocks; ++apart) {
      for (std::int64_t a = 0; a + apart < blocks; ++a) pairs.emplace_back(a, a + apart);
    }
    std::vector<DistanceBounds::Scratch> scratch(std::max(1, threads));
    parallel_for_workers(static_cast<std::int64_t>(pairs.size()), threads, [&](std::int64_t i, int worker) {
      compare(pairs[i].first, pairs[i].second, scratch[worker]);
    });
    scratch.clear();
    return nearest(threads);
  }

 private:
  // The distance kernel's result for points i and the argument.
  Candidates::Distance distance_from(std::int64_t i) const {
    return [this, i](std::int32_t j) {
      float distance = 0;
      squared_distances(rows_, i, i + 1, rows_, j, j + 1, &distance, 1);
      return distance;
    };
  }

  void compare(std::int64_t a, std::int64_t b, DistanceBounds::Scratch& scratch) {
    bounds_.products(a, b, scratch);
    std::unique_lock first(locks_[a]);
    std::unique_lock<std::mutex> second;  // a < b: no two threads wait for each other
    if (a != b) second = std::unique_lock(locks_[b]);
    std::array<std::int32_t, DistanceBounds::block_rows> near;
    for (std::int64_t i = bounds_.begin(a); i < bounds_.end(a); ++i) {
      const float* products = scratch.products.row(i - bounds_.begin(a)).data();
      const std::size_t count = near_pairs({.products = products,
                                            .parts = bounds_.parts(b),
                                            .limits = limits_.data() + bounds_.begin(b),
                                            .count = static_cast<std::size_t>(scratch.products.cols()),
                                            .part = bounds_.part(i),
                                            .limit = limits_[i]},
                                           near.data());
      for (std::size_t n = 0; n < count; ++n) {
        const std::int64_t j = bounds_.begin(b) + near[n];
        if (i == j) continue;
        const float lower = bounds_.part(i) + bounds_.part(j) - products[near[n]];
        offer(i, j, lower);
        if (a != b) offer(j, i, lower);
      }
    }
  }

  void offer(std::int64_t to, std::int64_t other, float lower) {
    if (lower > limits_[to]) return;
    const float upper = bounds_.upper(lower, to, other);
    candidates_[to].offer({lower, upper, static_cast<std::int32_t>(other)}, k_, distance_from(to));
    limits_[to] = candidates_[to].limit();
  }

  Neighbors nearest(int threads) {
    Neighbors out{.count = rows_.count(), .k = k_};
    out.indices.resize(out.count * k_);
    out.distances.resize(out.count * k_);
    parallel_for(out.count, threads, [&](std::int64_t i) {
      std::int64_t at = i * k_;
      for (const Candidates::Candidate& found : candidates_[i].nearest(k_, distance_from(i))) {
        out.indices[at] = found.index;
        out.distances[at++] = found.upper;
      }
      candidates_[i] = {};
    });
    return out;
  }

  std::int64_t k_;
  DistanceRows rows_;
  DistanceBounds bounds_;
  std::vector<Candidates> candidates_;  // of each point
  std::vector<float> limits_;           // theirs
  std::vector<std::mutex> locks_;       // of each block's candidates and limits
};

}  // namespace

Neighbors Neighbors::first(std::int64_t fewer) const {
  if (fewer > k) throw Error(fmt::format("{} neighbors asked for, {} are known", fewer, k));
  Neighbors out{.count = count, .k = fewer};
  out.indices.reserve(count * fewer);
  out.distances.reserve(count * fewer);
  for (std::int64_t i = 0; i < count; ++i) {
    out.indices.insert(out.indices.end(), indices.begin() + i * k, indices.begin() + i * k + fewer);
    out.distances.insert(out.distances.end(), distances.begin() + i * k, distances.begin() + i * k + fewer);
  }
  return out;
}

Neighbors nearest_neighbors(ConstMatrixRef points, std::int64_t k, int threads) {
  const std::int64_t n = points.rows();
  if (k < 1 || k >= n) throw Error(fmt::format("{} neighbors of each of {} points: ask for 1 to {}", k, n, n - 1));
  if (!all_finite(points)) throw Error("nearest neighbors: a coordinate is not finite");
  return Search(points, k).run(threads);
}

}  // namespace latentgrid
