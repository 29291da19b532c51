#pragma once

#include <cstdint>
#include <vector>

#include "cluster/linkage_tree.hpp"

namespace latentgrid {

// What remains of a hierarchy if a cluster only splits where both parts have min_cluster_size points (Campello, Moulavi and Sander 2013);
// where one has fewer its points fall out, and the other goes on as the same cluster. Levels are lambda = 1 / height.
struct CondensedTree {
  struct Cluster {
    std::int32_t parent = -1;  // -1: the root, which is the first; a parent stands before its clusters
    double birth = 0;          // where the parent split; 0 of the root
    double stability = 0;      // the sum over its points of lambda where the point leaves it - birth
    bool splits = false;       // into two others, rather than losing one point after the other
    double end = 0;            // the largest lambda at which points leave it
  };
  std::vector<Cluster> clusters;      // none if there are fewer points than a cluster must have
  std::vector<std::int32_t> owners;   // of every point, the last cluster that it is in
  std::vector<double> lambdas;        // where it leaves that: infinity with height 0
};

// Points that merge at height 0 never split: they are one place. O(points) time. min_cluster_size >= 2.
CondensedTree condensed_tree(const LinkageTree& tree, std::int64_t min_cluster_size);

struct ClusterSelection {
  enum class Method {
    eom,  // excess of mass: the clusters that together are most stable
    leaf  // those that don't split
  };
  Method method = Method::eom;
  double epsilon = 0;                 // clusters born at a smaller height give way to the first ancestor that was born at a larger one
  bool allow_single_cluster = false;  // the root may be selected
};

// The cluster of every point, numbered in the order of each cluster's first point, or -1: noise. As scikit-learn 1.3's HDBSCAN; but with
// allow_single_cluster a root that never splits is a leaf. If the root is selected, only the points are in it that
// stay to its end, or with an epsilon until lambda = 1 / epsilon.
std::vector<std::int32_t> select_clusters(const CondensedTree& tree, const ClusterSelection& selection);

}  // namespace latentgrid
