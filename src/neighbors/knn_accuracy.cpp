#include "neighbors/knn_accuracy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

double knn_accuracy(ConstMatrixRef points, std::span<const std::int32_t> labels, std::int64_t k, int threads) {
  const std::int64_t count = points.rows();
  if (static_cast<std::int64_t>(labels.size()) != count) throw Error(fmt::format("{} points and {} labels", count, labels.size()));
  if (std::any_of(labels.begin(), labels.end(), [](std::int32_t label) { return label < 0; })) throw Error("a point without a label");
  const Neighbors near = nearest_neighbors(points, k, threads);
  std::vector<std::int32_t> votes;
  std::int64_t right = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    votes.clear();
    for (std::int64_t j = 0; j < k; ++j) votes.push_back(labels[static_cast<std::size_t>(near.indices[static_cast<std::size_t>(i * k + j)])]);
    std::sort(votes.begin(), votes.end());
    std::int32_t winner = votes.front();
    std::ptrdiff_t most = 0;
    for (auto first = votes.begin(); first != votes.end();) {
      const auto end = std::upper_bound(first, votes.end(), *first);
      if (end - first > most) {
        most = end - first;
        winner = *first;
      }
      first = end;
    }
    right += winner == labels[static_cast<std::size_t>(i)];
  }
  return static_cast<double>(right) / static_cast<double>(count);
}

}  // namespace latentgrid
