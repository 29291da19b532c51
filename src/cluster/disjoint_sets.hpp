#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace latentgrid {

// Sets of numbers from 0, united one by one. One thread.
class DisjointSets {
 public:
  explicit DisjointSets(std::int64_t count) : parents_(count), sizes_(count, 1) { std::iota(parents_.begin(), parents_.end(), 0); }

  // The same number for all of a set.
  std::int32_t root(std::int32_t item) {
    while (parents_[item] != item) item = parents_[item] = parents_[parents_[item]];
    return item;
  }

  // Of two roots; returns the one that stays.
  std::int32_t unite(std::int32_t a, std::int32_t b) {
    if (sizes_[a] < sizes_[b]) std::swap(a, b);
    parents_[b] = a;
    sizes_[a] += sizes_[b];
    return a;
  }

 private:
  std::vector<std::int32_t> parents_, sizes_;
};

}  // namespace latentgrid
