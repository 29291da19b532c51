#include "neighbors/nearest_neighbors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/distances.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t block_rows = 64;

// A candidate neighbor; pairs compare by distance, then by index: a strict order, so that the k best don't depend on
// the order in which candidates are met.
using Candidate = std::pair<float, std::int32_t>;

class Lists {
 public:
  Lists(std::int64_t count, std::int64_t k) : k_(k), sizes_(count), candidates_(count * k) {}

  void offer(std::int64_t row, Candidate candidate) {
    Candidate* list = candidates_.data() + row * k_;
    std::int32_t& size = sizes_[row];
    if (size == k_) {
      if (!(candidate < list[k_ - 1])) return;
    } else {
      ++size;
    }
    std::int64_t place = size - 1;
    for (; place > 0 && candidate < list[place - 1]; --place) list[place] = list[place - 1];
    list[place] = candidate;
  }

  const std::vector<Candidate>& candidates() const { return candidates_; }

 private:
  std::int64_t k_;
  std::vector<std::int32_t> sizes_;
  std::vector<Candidate> candidates_;
};

struct BlockPair {
  std::int64_t a, b;  // a <= b
};

class Search {
 public:
  Search(ConstMatrixRef points, std::int64_t k)
      : rows_(points), lists_(points.rows(), k), locks_((points.rows() + block_rows - 1) / block_rows) {}

  const std::vector<Candidate>& run(int threads) {
    const auto blocks = static_cast<std::int64_t>(locks_.size());
    std::vector<BlockPair> pairs;
    pairs.reserve(blocks * (blocks + 1) / 2);
    for (std::int64_t a = 0; a < blocks; ++a) {
      for (std::int64_t b = a; b < blocks; ++b) pairs.push_back({a, b});
    }
    parallel_for(static_cast<std::int64_t>(pairs.size()), threads, [&](std::int64_t i) { compare(pairs[i]); });
    return lists_.candidates();
  }

 private:
  void compare(BlockPair pair) {
    const std::int64_t a0 = pair.a * block_rows, a1 = std::min(a0 + block_rows, rows_.count());
    const std::int64_t b0 = pair.b * block_rows, b1 = std::min(b0 + block_rows, rows_.count());
    float distances[block_rows * block_rows];
    squared_distances(rows_, a0, a1, rows_, b0, b1, distances, block_rows);
    {
      std::scoped_lock lock(locks_[pair.a]);
      for (std::int64_t i = a0; i < a1; ++i) {
        const float* row = distances + (i - a0) * block_rows;
        for (std::int64_t j = b0; j < b1; ++j) {
          if (i != j) lists_.offer(i, {row[j - b0], static_cast<std::int32_t>(j)});
        }
      }
    }
    if (pair.a == pair.b) return;
    std::scoped_lock lock(locks_[pair.b]);
    for (std::int64_t j = b0; j < b1; ++j) {
      for (std::int64_t i = a0; i < a1; ++i) {
        lists_.offer(j, {distances[(i - a0) * block_rows + j - b0], static_cast<std::int32_t>(i)});
      }
    }
  }

  DistanceRows rows_;
  Lists lists_;
  std::vector<std::mutex> locks_;  // one a block of rows
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
  if (!points.allFinite()) throw Error("nearest neighbors: a coordinate is not finite");
  Search search(points, k);
  const std::vector<Candidate>& found = search.run(threads);
  Neighbors out{.count = n, .k = k};
  out.indices.resize(n * k);
  out.distances.resize(n * k);
  for (std::int64_t i = 0; i < n * k; ++i) std::tie(out.distances[i], out.indices[i]) = found[i];
  return out;
}

}  // namespace latentgrid
