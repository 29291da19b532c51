#include "reduce/umap_layout.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "reduce/umap_steps.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t points_a_block = 512;
constexpr std::int64_t most_blocks = 32;
constexpr std::size_t edges_at_once = 1'000'000;  // epochs of so many before one looks up
constexpr std::int64_t most_epochs_at_once = 8;
constexpr int looks_before_yield = 64;

// Even, so that every block has a partner in every round; one of few points, whose negative samples would be too few else.
std::int64_t block_count(std::int64_t points) {
  return points < 4 * points_a_block ? 1 : std::min(points / points_a_block / 2 * 2, most_blocks);
}

}  // namespace

struct UmapLayout::State {
  struct Pair {
    int p, q;
    std::int64_t round;  // in which it is the only one of either block
  };

  // How many rounds a block has behind it. Counted on from one epoch to the next.
  struct alignas(64) Turn {
    std::atomic<std::int64_t> done = 0;

    void wait_for(std::int64_t before) const {
      for (int looks = 1; done.load(std::memory_order_acquire) < before; ++looks) {
        if (looks % looks_before_yield == 0) std::this_thread::yield();
      }
    }
  };

  UmapLayoutOptions options;
  std::int64_t count = 0, dim = 0, blocks = 0, epoch = 0;
  std::vector<std::int64_t> order;   // order[place]: the point there
  std::vector<std::int64_t> begins;  // of the blocks' places, and the end
  std::vector<float> points;         // by place
  std::vector<UmapEdges> edges;      // by pair of blocks
  std::size_t most_edges = 0, all_edges = 0;
  std::vector<Pair> pairs;  // round after round
  std::int64_t rounds = 0;
  std::vector<UmapRoom> rooms;

  std::size_t pair(std::int64_t p, std::int64_t q) const { return static_cast<std::size_t>(std::min(p, q) * blocks + std::max(p, q)); }

  void divide() {
    RandomStream random(options.seed, "umap blocks");
    order = random.permutation(count);
    for (std::int64_t b = 0; b <= blocks; ++b) begins.push_back(count * b / blocks);
  }

  void add_edges(const SparseRows& graph) {
    std::vector<std::int32_t> place(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) place[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = static_cast<std::int32_t>(i);
    std::vector<std::int64_t> block_of(static_cast<std::size_t>(count));
    for (std::size_t b = 0; b + 1 < begins.size(); ++b) std::fill(block_of.begin() + begins[b], block_of.begin() + begins[b + 1], static_cast<std::int64_t>(b));
    float largest = 0;
    for (const float value : graph.values) largest = std::max(largest, value);
    edges.resize(static_cast<std::size_t>(blocks * blocks));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto from = static_cast<std::size_t>(order[static_cast<std::size_t>(i)]);
      const std::int64_t own = block_of[static_cast<std::size_t>(i)];
      for (std::int64_t j = graph.starts[from]; j < graph.starts[from + 1]; ++j) {
        const float value = graph.values[static_cast<std::size_t>(j)];
        if (value * static_cast<float>(options.epochs) < largest) continue;  // it would never be due
        const std::int32_t to = place[static_cast<std::size_t>(graph.columns[static_cast<std::size_t>(j)])];
        UmapEdges& list = edges[pair(own, block_of[static_cast<std::size_t>(to)])];
        list.head.push_back(static_cast<std::int32_t>(i));
        list.tail.push_back(to);
        list.every.push_back(largest / value);
      }
    }
  }

  // Those of a batch have different heads, as far as that can be had.
  void interleave() {
    std::vector<std::int32_t> seen(static_cast<std::size_t>(count));
    for (UmapEdges& list : edges) {
      std::vector<std::pair<std::int32_t, std::int32_t>> ranked;  // and the place in the list
      for (const std::int32_t head : list.head) {
        ranked.emplace_back(seen[static_cast<std::size_t>(head)]++, static_cast<std::int32_t>(ranked.size()));
      }
      for (const std::int32_t head : list.head) seen[static_cast<std::size_t>(head)] = 0;
      std::sort(ranked.begin(), ranked.end());
      UmapEdges sorted;
      for (const auto& [rank, at] : ranked) {
        sorted.head.push_back(list.head[static_cast<std::size_t>(at)]);
        sorted.tail.push_back(list.tail[static_cast<std::size_t>(at)]);
        sorted.every.push_back(list.every[static_cast<std::size_t>(at)]);
      }
      list = std::move(sorted);
      most_edges = std::max(most_edges, list.size());
      all_edges += list.size();
    }
  }

  // To where they stand after `epoch` epochs.
  void advance_edges() {
    for (UmapEdges& list : edges) {
      list.next = list.every;
      for (std::size_t i = 0; epoch > 0 && i < list.size(); ++i) {
        float& next = list.next[i];
        for (std::int64_t e = 0; (e = std::max(e, static_cast<std::int64_t>(std::ceil(next)))) < epoch; ++e) next += list.every[i];
      }
    }
  }

  // A round in which each block is alone, and a round robin tournament.
  void plan_rounds() {
    for (int b = 0; b < blocks; ++b) pairs.push_back({b, b, 0});
    const int last = static_cast<int>(blocks) - 1;
    for (int round = 0; round < last; ++round) {
      pairs.push_back({round, last, round + 1});
      for (int i = 1; i < (last + 1) / 2; ++i) pairs.push_back({(round + i) % last, (round - i + last) % last, round + 1});
    }
    rounds = last + 1;
  }

  UmapWork work_of(const Pair& at, std::int64_t now, std::uint64_t seed, UmapRoom& room) {
    const double done = static_cast<double>(std::max<std::int64_t>(now - 1, 0)) / static_cast<double>(options.epochs);  // umap-learn's
    const auto p = static_cast<std::size_t>(at.p), q = static_cast<std::size_t>(at.q);
    const double log2_a = std::log2(options.curve.a), b = options.curve.b;
    return {.edges = &edges[pair(at.p, at.q)],
            .room = &room,
            .points = points.data(),
            .dim = static_cast<std::size_t>(dim),
            .begin = {static_cast<std::int32_t>(begins[p]), static_cast<std::int32_t>(begins[q])},
            .size = {static_cast<std::int32_t>(begins[p + 1] - begins[p]), p == q ? 0 : static_cast<std::int32_t>(begins[q + 1] - begins[q])},
            .log2_a = static_cast<float>(log2_a),
            .b = static_cast<float>(b),
            .repulsion = static_cast<float>(options.repulsion_strength),
            .learning_rate = static_cast<float>(options.learning_rate * (1 - done)),
            .epoch = static_cast<float>(now),
            .least_square = static_cast<float>(std::exp2(std::max((-100 - log2_a) / b, -100.0))),
            .most_square = static_cast<float>(std::exp2(std::min((100 - log2_a) / b, 100.0))),
            .negatives = options.negative_sample_rate,
            .random = seed + static_cast<std::uint64_t>(pair(at.p, at.q)) * umap_batch * 0x9e3779b97f4a7c15ull};
  }

  // Pairs are handed out in one order, and each waits for those before it that share a block with it: what a block goes through is the same
  // for any number of threads.
  void run_epochs(std::int64_t epochs) {
    const auto a_epoch = static_cast<std::int64_t>(pairs.size());
    const int threads = static_cast<int>(std::min<std::int64_t>(options.threads, std::max<std::int64_t>(1, blocks / 2)));
    std::vector<Turn> turns(static_cast<std::size_t>(blocks));
    std::vector<std::uint64_t> seeds;
    for (std::int64_t e = 0; e < epochs; ++e) seeds.push_back(derive_seed(options.seed, "umap", {epoch + e}));
    rooms.resize(std::max(rooms.size(), static_cast<std::size_t>(threads)));
    for (UmapRoom& room : rooms) room.make(most_edges, static_cast<std::size_t>(dim));
    parallel_for_workers(a_epoch * epochs, threads, [&](std::int64_t i, int worker) {
      const std::int64_t later = i / a_epoch;
      const Pair& at = pairs[static_cast<std::size_t>(i % a_epoch)];
      const UmapWork work = work_of(at, epoch + later, seeds[static_cast<std::size_t>(later)], rooms[static_cast<std::size_t>(worker)]);
      Turn &p = turns[static_cast<std::size_t>(at.p)], &q = turns[static_cast<std::size_t>(at.q)];
      const std::int64_t round = later * rounds + at.round;
      p.wait_for(round);
      q.wait_for(round);
      umap_steps(work);
      p.done.store(round + 1, std::memory_order_release);
      q.done.store(round + 1, std::memory_order_release);
    });
    epoch += epochs;
  }
};

UmapLayout::UmapLayout(const SparseRows& graph, const MatrixRf& start, const UmapLayoutOptions& options) : state_(std::make_unique<State>()) {
  if (graph.rows() != start.rows()) throw Error("UMAP: the start has another number of points than the graph");
  State& s = *state_;
  s.options = options;
  s.count = start.rows();
  s.dim = start.cols();
  s.blocks = block_count(s.count);
  s.divide();
  s.add_edges(graph);
  s.interleave();
  s.plan_rounds();
  resume(start, 0);
}

UmapLayout::~UmapLayout() = default;

void UmapLayout::run_until(std::int64_t epoch, const std::function<void(std::int64_t)>& progress) {
  State& s = *state_;
  const std::int64_t at_once = std::clamp<std::int64_t>(static_cast<std::int64_t>(edges_at_once / (s.all_edges + 1)), 1, most_epochs_at_once);
  while (s.epoch < epoch) {
    s.run_epochs(std::min(at_once, epoch - s.epoch));
    if (progress) progress(s.epoch);
  }
}

std::int64_t UmapLayout::epoch() const { return state_->epoch; }

void UmapLayout::set_threads(int threads) { state_->options.threads = threads; }

MatrixRf UmapLayout::embedding() const {
  const State& s = *state_;
  MatrixRf all(s.count, s.dim);
  for (std::int64_t i = 0; i < s.count; ++i) {
    for (std::int64_t k = 0; k < s.dim; ++k) all(s.order[static_cast<std::size_t>(i)], k) = s.points[static_cast<std::size_t>(i * s.dim + k)];
  }
  return all;
}

void UmapLayout::resume(const MatrixRf& embedding, std::int64_t epoch) {
  State& s = *state_;
  s.points.resize(static_cast<std::size_t>(s.count * s.dim));
  for (std::int64_t i = 0; i < s.count; ++i) {
    for (std::int64_t k = 0; k < s.dim; ++k) s.points[static_cast<std::size_t>(i * s.dim + k)] = embedding(s.order[static_cast<std::size_t>(i)], k);
  }
  s.epoch = epoch;
  s.advance_edges();
}

}  // namespace latentgrid
