#include "cluster/linkage_tree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "cluster/disjoint_sets.hpp"

namespace latentgrid {

LinkageTree linkage_tree(std::int64_t points, std::vector<Join> joins) {
  std::stable_sort(joins.begin(), joins.end(), [](const Join& a, const Join& b) { return a.height < b.height; });
  LinkageTree tree{.points = points, .merges = {}};
  tree.merges.reserve(joins.size());
  DisjointSets sets(points);
  std::vector<std::int32_t> nodes(points);  // of each set, behind its root
  std::iota(nodes.begin(), nodes.end(), 0);
  std::vector<std::int32_t> sizes(points, 1);
  for (const Join& join : joins) {
    const std::int32_t first = sets.root(join.first), second = sets.root(join.second);
    const std::int32_t size = sizes[first] + sizes[second];
    const auto [left, right] = std::minmax(nodes[first], nodes[second]);
    const auto node = static_cast<std::int32_t>(points + static_cast<std::int64_t>(tree.merges.size()));
    tree.merges.push_back({.left = left, .right = right, .height = join.height, .size = size});
    const std::int32_t root = sets.unite(first, second);
    nodes[root] = node;
    sizes[root] = size;
  }
  return tree;
}

std::vector<std::int32_t> cut(const LinkageTree& tree, std::int64_t k) {
  // From the top: children have what their parent has, and it has been seen before them.
  const std::int64_t merges = tree.points - k;
  std::vector<std::int32_t> top(tree.points + merges, -1);  // the highest node below the cut that a node belongs to
  for (std::int64_t node = tree.points + merges - 1; node >= 0; --node) {
    if (top[node] < 0) top[node] = static_cast<std::int32_t>(node);
    if (node < tree.points) continue;
    const Merge& merge = tree.merges[node - tree.points];
    top[merge.left] = top[merge.right] = top[node];
  }
  std::vector<std::int32_t> numbers(tree.points + merges, -1), clusters(tree.points);
  std::int32_t next = 0;
  for (std::int64_t point = 0; point < tree.points; ++point) {
    std::int32_t& number = numbers[top[point]];
    if (number < 0) number = next++;
    clusters[point] = number;
  }
  return clusters;
}

LargestGap largest_gap(const LinkageTree& tree, std::int64_t most) {
  LargestGap best;
  for (std::int64_t k = 2; k <= std::min(most, tree.points); ++k) {
    const std::int64_t ends = tree.points - k;  // the merge that leaves k - 1
    const double made = ends > 0 ? tree.merges[ends - 1].height : 0;
    const double gap = tree.merges[ends].height - made;
    if (gap > best.gap) best = {.k = k, .gap = gap};
  }
  return best;
}

}  // namespace latentgrid
