#include "neighbors/connectivity_graph.hpp"

#include <algorithm>
#include <numeric>

namespace latentgrid {

SparseRows connectivity_graph(const Neighbors& near) {
  const auto count = static_cast<std::size_t>(near.count), k = static_cast<std::size_t>(near.k);
  // Every edge from both of its ends, sorted within a row: what is there twice is mutual.
  std::vector<std::int64_t> starts(count + 1);
  for (std::size_t i = 0; i < count; ++i) starts[i + 1] += near.k;
  for (const std::int32_t to : near.indices) ++starts[static_cast<std::size_t>(to) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<std::int32_t> ends(static_cast<std::size_t>(starts.back()));
  std::vector<std::int64_t> filled(starts.begin(), starts.end() - 1);
  const auto add = [&](std::size_t row, std::size_t column) {
    ends[static_cast<std::size_t>(filled[row]++)] = static_cast<std::int32_t>(column);
  };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i * k; j < (i + 1) * k; ++j) {
      const auto other = static_cast<std::size_t>(near.indices[j]);
      add(i, other);
      add(other, i);
    }
  }
  SparseRows graph;
  graph.starts.assign(1, 0);
  graph.columns.reserve(ends.size());
  graph.values.reserve(ends.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = ends.begin() + starts[i], end = ends.begin() + starts[i + 1];
    std::sort(begin, end);
    for (auto at = begin; at != end; ++at) {
      if (at != begin && *at == graph.columns.back()) {
        graph.values.back() = 1;
      } else {
        graph.columns.push_back(*at);
        graph.values.push_back(0.5f);
      }
    }
    graph.starts.push_back(static_cast<std::int64_t>(graph.columns.size()));
  }
  return graph;
}

}  // namespace latentgrid
