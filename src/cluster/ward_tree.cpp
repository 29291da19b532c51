#include "cluster/ward_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "cluster/double_rows.hpp"

namespace latentgrid {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t list_length = 16;
constexpr std::size_t most_entries = 2 * list_length;  // of a list that two were merged to
constexpr std::int64_t search_values_a_part = 1 << 18;  // of a search; fewer aren't worth a thread
constexpr std::int64_t merges_a_pulse = 64;
// Heights differ by rounding from what exact arithmetic says about them.
constexpr double rounding = 1e-12;

// A cluster that may be near, as a node (see LinkageTree), and its distance: the square of the height of a merge with it.
struct Entry {
  double distance = infinity;
  std::int32_t node = -1;
  bool operator<(const Entry& other) const { return std::pair(distance, node) < std::pair(other.distance, other.node); }
};

struct NearList {
  std::vector<Entry> entries;
  double bound = infinity;  // no cluster without an entry is nearer
};

class WardChains {
 public:
  WardChains(ConstMatrixRef points, int threads, Services& services, const TreeProgress& progress)
      : count_(points.rows()), threads_(threads), progress_(progress), rows_(points), sizes_(count_, 1.0), inverse_(count_, 1.0),
        nodes_(count_), points_(count_), heights_(count_, 0.0), parents_(2 * count_ - 1), slots_(2 * count_ - 1), lists_(2 * count_ - 1),
        distances_(count_) {
    std::iota(nodes_.begin(), nodes_.end(), 0);
    std::iota(points_.begin(), points_.end(), 0);
    std::iota(parents_.begin(), parents_.end(), 0);
    std::iota(slots_.begin(), slots_.end(), 0);
    begin_lists(points, services);
  }

  std::vector<Join> run() {
    std::vector<Entry> chain;  // each the nearest of the one before, and how far from it
    std::int32_t first = 0;
    while (static_cast<std::int64_t>(joins_.size()) < count_ - 1) {
      if (chain.empty()) {
        while (parents_[first] != first) ++first;
        chain.push_back({.node = first});
      }
      const Entry top = chain.back();
      const Entry before = {.distance = top.distance, .node = chain.size() > 1 ? chain[chain.size() - 2].node : -1};
      const Entry nearest = nearest_of(top.node, before);
      // By rounding it can be one further down.
      const auto known = std::find_if(chain.rbegin(), chain.rend(), [&](const Entry& link) { return link.node == nearest.node; });
      if (known == chain.rend()) {
        chain.push_back(nearest);
        continue;
      }
      chain.erase(known.base() - 1, chain.end());
      merge(top.node, nearest.node, nearest.distance);
    }
    return std::move(joins_);
  }

 private:
  // The services' distances are squares in float32, of relative error below (width + 16)·2⁻²³ unless they under- or overflow.
  void begin_lists(ConstMatrixRef points, Services& services) {
    const std::int64_t k = std::min(list_length, count_ - 1);
    if (k < 1) return;
    const Neighbors near = services.neighbors(points, k, threads_);
    const double part = 1 - static_cast<double>(points.cols() + 16) * std::numeric_limits<float>::epsilon();
    for (std::int64_t i = 0; i < count_; ++i) {
      NearList& list = lists_[i];
      const std::span<const std::int32_t> indices(near.indices.data() + i * k, static_cast<std::size_t>(k));
      double distances[list_length];
      rows_.squared_distances(rows_.row(i), indices, distances);
      for (std::int64_t m = 0; m < k; ++m) list.entries.push_back({.distance = distances[m], .node = indices[m]});
      const float farthest = near.distances[i * k + k - 1];
      if (k == count_ - 1) continue;
      list.bound = farthest < 1e-30f ? 0 : part * static_cast<double>(std::min(farthest, std::numeric_limits<float>::max()));
    }
  }

  std::int32_t now(std::int32_t node) {
    while (parents_[node] != node) node = parents_[node] = parents_[parents_[node]];
    return node;
  }

  double weighted(std::int32_t a, std::int32_t b, double square) const { return 2 * square / (inverse_[a] + inverse_[b]); }  // of slots
  double distance(std::int32_t a, std::int32_t b) const {
    return weighted(slots_[a], slots_[b], rows_.squared_distance(rows_.row(slots_[a]), slots_[b]));
  }

  // What an entry's cluster has become part of.
  void renew(std::int32_t node, std::vector<Entry>& entries) {
    bool changed = false;
    for (Entry& entry : entries) {
      const std::int32_t current = now(entry.node);
      if (current == entry.node) continue;
      entry = {.distance = distance(node, current), .node = current};
      changed = true;
    }
    if (changed) drop_repeated(entries);
  }

  static void drop_repeated(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.node < b.node; });
    entries.erase(std::unique(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.node == b.node; }), entries.end());
  }

  // Of equally near ones the one before in the chain, so that chains end.
  Entry nearest_of(std::int32_t node, const Entry& before) {
    NearList& list = lists_[node];
    renew(node, list.entries);
    Entry best = nearest_in(list, before);
    if (best.distance <= list.bound * (1 - rounding)) return best;
    search(node, list);
    best = nearest_in(list, before);
    return best;
  }

  static Entry nearest_in(const NearList& list, const Entry& before) {
    Entry best;
    for (const Entry& entry : list.entries) best = std::min(best, entry);
    return before.node >= 0 && before.distance <= best.distance ? before : best;
  }

  // Among all clusters.
  void search(std::int32_t node, NearList& list) {
    const auto used = static_cast<std::int64_t>(nodes_.size());
    const double* from = rows_.row(slots_[node]);
    const std::int64_t rows_a_part = search_values_a_part / static_cast<std::int64_t>(rows_.width()) + 1;
    parallel_for((used + rows_a_part - 1) / rows_a_part, threads_, [&](std::int64_t part) {
      const std::int64_t begin = part * rows_a_part, end = std::min(begin + rows_a_part, used);
      rows_.squared_distances(from, begin, end, distances_.data() + begin);
      for (std::int64_t slot = begin; slot < end; ++slot) {
        distances_[slot] = weighted(slots_[node], static_cast<std::int32_t>(slot), distances_[slot]);
      }
    });
    list.entries.clear();  // then a heap, the farthest first
    const auto most = static_cast<std::size_t>(list_length);
    for (std::int64_t slot = 0; slot < used; ++slot) {
      if (list.entries.size() == most && distances_[slot] > list.entries.front().distance) continue;
      const Entry entry = {.distance = distances_[slot], .node = nodes_[slot]};
      if (entry.node < 0 || entry.node == node) continue;
      if (list.entries.size() == most) {
        if (!(entry < list.entries.front())) continue;
        std::pop_heap(list.entries.begin(), list.entries.end());
        list.entries.pop_back();
      }
      list.entries.push_back(entry);
      std::push_heap(list.entries.begin(), list.entries.end());
    }
    list.bound = active() - 1 <= list_length ? infinity : list.entries.front().distance;
  }

  std::int64_t active() const { return count_ - static_cast<std::int64_t>(joins_.size()); }

  // The new cluster lies where the larger one did.
  void merge(std::int32_t a, std::int32_t b, double distance_between) {
    if (std::pair(sizes_[slots_[a]], -a) < std::pair(sizes_[slots_[b]], -b)) std::swap(a, b);
    const std::int32_t slot = slots_[a], gone = slots_[b];
    const auto node = static_cast<std::int32_t>(count_ + static_cast<std::int64_t>(joins_.size()));
    NearList list = merged_list(a, b, distance_between);
    const double size = sizes_[slot] + sizes_[gone], share = sizes_[gone] / size;
    double* center = rows_.row(slot);
    const double* other = rows_.row(gone);
    for (std::size_t i = 0; i < rows_.width(); ++i) center[i] += share * (other[i] - center[i]);  // equal ones stay equal
    heights_[slot] = std::max({std::sqrt(distance_between), heights_[slot], heights_[gone]});
    sizes_[slot] = size;
    inverse_[slot] = 1 / size;
    joins_.push_back({.first = points_[slot], .second = points_[gone], .height = heights_[slot]});
    nodes_[slot] = node;
    nodes_[gone] = -1;
    parents_[a] = parents_[b] = node;
    slots_[node] = slot;
    for (Entry& entry : list.entries) entry.distance = distance(node, entry.node);
    if (list.entries.size() > most_entries) {
      const auto last = list.entries.begin() + most_entries;
      std::nth_element(list.entries.begin(), last, list.entries.end());
      list.bound = std::min(list.bound, last->distance);
      list.entries.erase(last, list.entries.end());
    }
    lists_[node] = std::move(list);
    lists_[a] = lists_[b] = {};
    if (active() < static_cast<std::int64_t>(nodes_.size()) * 3 / 4) close_gaps();
    if (progress_ && (active() % merges_a_pulse == 0 || active() == 1)) progress_(count_ - active(), count_ - 1);
  }

  // With the entries of both, of which the distances remain to be found. By the formula of Lance and Williams a cluster of x points that is
  // without an entry in either is no nearer than ((a + x)·bound_a + (b + x)·bound_b - x·distance) / (a + b + x), which rises or falls with x.
  NearList merged_list(std::int32_t a, std::int32_t b, double distance_between) {
    NearList out;
    for (const std::int32_t part : {a, b}) {
      for (const Entry& entry : lists_[part].entries) {
        const std::int32_t current = now(entry.node);
        if (current != a && current != b) out.entries.push_back({.node = current});
      }
    }
    drop_repeated(out.entries);
    const double bound_a = lists_[a].bound, bound_b = lists_[b].bound;
    if (bound_a == infinity || bound_b == infinity) return out;  // all have an entry
    const double size_a = sizes_[slots_[a]], size_b = sizes_[slots_[b]];
    const double of_one = ((size_a + 1) * bound_a + (size_b + 1) * bound_b - distance_between) / (size_a + size_b + 1);
    const double of_many = bound_a + bound_b - distance_between;
    out.bound = std::max(0.0, std::min(of_one, of_many) * (1 - rounding));
    return out;
  }

  void close_gaps() {
    std::int64_t to = 0;
    for (std::int64_t from = 0; from < static_cast<std::int64_t>(nodes_.size()); ++from) {
      if (nodes_[from] < 0) continue;
      if (to != from) {
        std::copy_n(rows_.row(from), rows_.width(), rows_.row(to));
        sizes_[to] = sizes_[from];
        inverse_[to] = inverse_[from];
        nodes_[to] = nodes_[from];
        points_[to] = points_[from];
        heights_[to] = heights_[from];
        slots_[nodes_[to]] = static_cast<std::int32_t>(to);
      }
      ++to;
    }
    nodes_.resize(static_cast<std::size_t>(to));
  }

  std::int64_t count_;
  int threads_;
  const TreeProgress& progress_;
  DoubleRows rows_;  // the centers, by slots; so are:
  std::vector<double> sizes_, inverse_;
  std::vector<std::int32_t> nodes_;   // -1: none any more
  std::vector<std::int32_t> points_;  // one of the cluster's
  std::vector<double> heights_;
  std::vector<std::int32_t> parents_, slots_;  // by nodes: what it has become part of, itself while it is a cluster; where its center is
  std::vector<NearList> lists_;                // by nodes
  std::vector<double> distances_;              // of a search
  std::vector<Join> joins_;
};

}  // namespace

LinkageTree ward_tree(ConstMatrixRef points, int threads, Services& services, const TreeProgress& progress) {
  if (points.rows() < 1) throw Error("agglomerative clustering: there are no points");
  if (!all_finite(points)) throw Error("agglomerative clustering: a coordinate is not finite");
  return linkage_tree(points.rows(), WardChains(points, threads, services, progress).run());
}

}  // namespace latentgrid
