#pragma once

#include <cstdint>
#include <vector>

namespace latentgrid {

// Two clusters become one: any point of each, and how far apart they were.
struct Join {
  std::int32_t first = 0, second = 0;
  double height = 0;
};

// The hierarchy of an agglomerative clustering, as scipy.cluster.hierarchy writes it: node i < points is point i alone, node
// points + m is what merge m made.
struct Merge {
  std::int32_t left = 0, right = 0;  // nodes, left < right
  double height = 0;
  std::int32_t size = 0;  // points below
};
struct LinkageTree {
  std::int64_t points = 0;
  std::vector<Merge> merges;  // points - 1, of ascending height; what is merged was made before
};

// Sorts points - 1 joins by height, equal ones in the order given. Where a join needs the result of another, it must be at least as
// high and stand behind it, or they must be the edges of a minimum spanning tree.
LinkageTree linkage_tree(std::int64_t points, std::vector<Join> joins);

// The cluster of every point when all but the last k - 1 merges are done; numbered in the order of each cluster's first point.
// 1 <= k <= points.
std::vector<std::int32_t> cut(const LinkageTree& tree, std::int64_t k);

// The number of clusters, from 2 to `most`, that lasts longest while the height grows: the largest difference between the merge that
// ends it and the one that made it, of equal ones the smallest number. 1 if there is none, as among equal points.
struct LargestGap {
  std::int64_t k = 1;
  double gap = 0;
};
LargestGap largest_gap(const LinkageTree& tree, std::int64_t most);

}  // namespace latentgrid
