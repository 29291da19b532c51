#include "cluster/condensed_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/noise_cluster.hpp"

namespace latentgrid {

namespace {

using Cluster = CondensedTree::Cluster;

// Walks the hierarchy from the top; what is above a node has been seen before it.
class Condenser {
 public:
  Condenser(const LinkageTree& tree, std::int64_t min_cluster_size)
      : tree_(tree), min_cluster_size_(min_cluster_size), owners_(2 * tree.points - 1, -1), fell_(2 * tree.points - 1, -1.0) {}

  CondensedTree run() {
    CondensedTree out;
    if (tree_.points < min_cluster_size_) {
      out.owners.assign(tree_.points, -1);
      out.lambdas.assign(tree_.points, 0.0);
      return out;
    }
    clusters_.emplace_back();
    owners_.back() = 0;
    for (auto merge = static_cast<std::int64_t>(tree_.merges.size()) - 1; merge >= 0; --merge) visit(merge);
    out.owners.assign(owners_.begin(), owners_.begin() + tree_.points);
    out.lambdas.assign(fell_.begin(), fell_.begin() + tree_.points);
    out.clusters = std::move(clusters_);
    return out;
  }

 private:
  std::int64_t size(std::int32_t node) const { return node < tree_.points ? 1 : tree_.merges[node - tree_.points].size; }

  void visit(std::int64_t index) {
    const Merge& merge = tree_.merges[index];
    const std::int64_t node = tree_.points + index;
    const std::int32_t owner = owners_[node];
    owners_[merge.left] = owners_[merge.right] = owner;
    fell_[merge.left] = fell_[merge.right] = fell_[node];
    if (fell_[node] >= 0) return;
    const double lambda = merge.height > 0 ? 1 / merge.height : std::numeric_limits<double>::infinity();
    const bool large_left = size(merge.left) >= min_cluster_size_, large_right = size(merge.right) >= min_cluster_size_;
    if (std::isinf(lambda) || (!large_left && !large_right)) {
      fall(merge.left, lambda);
      fall(merge.right, lambda);
    } else if (large_left && large_right) {
      for (const std::int32_t child : {merge.left, merge.right}) {
        leave(owner, lambda, size(child));
        owners_[child] = static_cast<std::int32_t>(clusters_.size());
        clusters_.push_back({.parent = owner, .birth = lambda});
      }
      clusters_[owner].splits = true;
    } else {
      fall(large_left ? merge.right : merge.left, lambda);
    }
  }

  void fall(std::int32_t node, double lambda) {
    leave(owners_[node], lambda, size(node));
    fell_[node] = lambda;
  }

  void leave(std::int32_t owner, double lambda, std::int64_t points) {
    Cluster& cluster = clusters_[owner];
    cluster.stability += (lambda - cluster.birth) * static_cast<double>(points);
    cluster.end = std::max(cluster.end, lambda);
  }

  const LinkageTree& tree_;
  std::int64_t min_cluster_size_;
  std::vector<Cluster> clusters_;
  std::vector<std::int32_t> owners_;  // of every node, the cluster that it is in, or last was
  std::vector<double> fell_;          // where it fell out of that; -1: not yet
};

std::vector<bool> most_stable(const CondensedTree& tree, bool root_too) {
  const std::vector<Cluster>& clusters = tree.clusters;
  std::vector<double> stability(clusters.size()), below(clusters.size(), 0.0);  // of the best selection below and with the cluster, below it
  std::vector<bool> selected(clusters.size(), false);
  for (std::size_t c = clusters.size(); c-- > 0;) {
    if (c == 0 && !root_too) break;
    selected[c] = !(below[c] > clusters[c].stability);
    stability[c] = selected[c] ? clusters[c].stability : below[c];
    if (c > 0) below[clusters[c].parent] += stability[c];
  }
  return selected;
}

std::vector<bool> leaves(const CondensedTree& tree, bool root_too) {
  std::vector<bool> selected;
  for (const Cluster& cluster : tree.clusters) selected.push_back(!cluster.splits && (cluster.parent >= 0 || root_too));
  return selected;
}

// Of those that were born at a smaller height than epsilon, the nearest ancestor that was born at a larger one; below the root, its child.
void climb(const CondensedTree& tree, double epsilon, bool root_too, std::vector<bool>& selected) {
  const auto height = [&](std::int32_t c) { return 1 / tree.clusters[c].birth; };
  const std::vector<bool> before = selected;
  for (std::size_t c = 1; c < before.size(); ++c) {
    auto at = static_cast<std::int32_t>(c);
    if (!before[c] || !(height(at) < epsilon)) continue;
    selected[c] = false;
    while (tree.clusters[at].parent > 0 && height(at) <= epsilon) at = tree.clusters[at].parent;
    if (root_too && height(at) <= epsilon) at = 0;
    selected[at] = true;
  }
}

// Of every cluster: the uppermost selected one that it is in, or -1.
std::vector<std::int32_t> selected_above(const CondensedTree& tree, const std::vector<bool>& selected) {
  std::vector<std::int32_t> above(tree.clusters.size(), -1);
  for (std::size_t c = 0; c < above.size(); ++c) {
    const std::int32_t parent = tree.clusters[c].parent;
    if (parent >= 0) above[c] = above[parent];
    if (above[c] < 0 && selected[c]) above[c] = static_cast<std::int32_t>(c);
  }
  return above;
}

}  // namespace

CondensedTree condensed_tree(const LinkageTree& tree, std::int64_t min_cluster_size) {
  return Condenser(tree, min_cluster_size).run();
}

std::vector<std::int32_t> select_clusters(const CondensedTree& tree, const ClusterSelection& selection) {
  std::vector<std::int32_t> out(tree.owners.size(), noise_cluster);
  if (tree.clusters.empty()) return out;
  const bool root_too = selection.allow_single_cluster;
  std::vector<bool> selected = selection.method == ClusterSelection::Method::eom ? most_stable(tree, root_too) : leaves(tree, root_too);
  if (selection.epsilon > 0) climb(tree, selection.epsilon, root_too, selected);
  const std::vector<std::int32_t> above = selected_above(tree, selected);
  const double root_end = selection.epsilon > 0 ? 1 / selection.epsilon : tree.clusters[0].end;
  std::vector<std::int32_t> numbers(tree.clusters.size(), -1);
  std::int32_t next = 0;
  for (std::size_t point = 0; point < out.size(); ++point) {
    const std::int32_t cluster = above[tree.owners[point]];
    if (cluster < 0 || (cluster == 0 && tree.lambdas[point] < root_end)) continue;
    if (numbers[cluster] < 0) numbers[cluster] = next++;
    out[point] = numbers[cluster];
  }
  return out;
}

}  // namespace latentgrid
