#include "reduce/umap_layout.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/umap_layout.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/eight_lanes-inl.hpp"

#ifndef LATENTGRID_UMAP_LAYOUT_TYPES
#define LATENTGRID_UMAP_LAYOUT_TYPES
#include <algorithm>
#include <vector>

namespace latentgrid {

struct UmapEdge {
  std::int32_t head, tail;
  float every;       // epochs from one sample to the next
  float next;        // the epoch that it is due
  float next_negative;

  void begin(float negatives) {
    next = every;
    next_negative = every / negatives;
  }

  // Behind a sample: how many negative samples come with it.
  std::int32_t advance(float epoch, float negatives) {
    const float every_negative = every / negatives;
    const auto count = std::max(0, static_cast<std::int32_t>((epoch - next_negative) / every_negative));
    next += every;
    next_negative += static_cast<float>(count) * every_negative;
    return count;
  }
};

// The edges between two blocks of points, in one epoch.
struct UmapWork {
  UmapEdge* edges;
  std::size_t count;
  float* points;  // all, dim values each
  std::size_t dim;
  std::int32_t begin[2], size[2];  // the blocks
  float a, b, repulsion, learning_rate, epoch;
  float negatives;      // of each sample
  float points_a_draw;  // of both blocks, for a number of 24 bits
  std::uint64_t random;
  std::int32_t* due;  // room for `count`
};

}  // namespace latentgrid
#endif

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = EightLanes;
using Vec = hn::Vec<Tag>;

// x^b by 2^(b·log2 x), to about 1e-5; x is normal. Without fused multiply-adds, which not every machine has.
HWY_INLINE Vec power(Vec x, float b) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  // x = 2^e·m, m in [sqrt(1/2), sqrt(2)).
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, 0x3f3504f3)));
  const Vec m = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const Vec one = hn::Set(d, 1.0f);
  const Vec s = hn::Div(hn::Sub(m, one), hn::Add(m, one)), s2 = hn::Mul(s, s);
  Vec log = hn::Add(hn::Mul(hn::Set(d, 2.8853901f / 5), s2), hn::Set(d, 2.8853901f / 3));  // 2 / ln 2
  log = hn::Add(hn::Mul(log, s2), hn::Set(d, 2.8853901f));
  log = hn::Add(hn::Mul(log, s), hn::ConvertTo(d, exponent));
  const Vec y = hn::Min(hn::Max(hn::Mul(log, hn::Set(d, b)), hn::Set(d, -120.0f)), hn::Set(d, 120.0f));
  const Vec whole = hn::Round(y), f = hn::Sub(y, whole), f2 = hn::Mul(f, f);
  const Vec low = hn::Add(hn::Mul(hn::Set(d, 6.9314718e-1f), f), one);
  const Vec middle = hn::Add(hn::Mul(hn::Set(d, 5.5504109e-2f), f), hn::Set(d, 2.4022651e-1f));
  const Vec high = hn::Add(hn::Mul(hn::Set(d, 1.3333558e-3f), f), hn::Set(d, 9.6181291e-3f));
  const Vec value = hn::Add(low, hn::Mul(f2, hn::Add(middle, hn::Mul(f2, high))));
  const auto scale = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, whole), hn::Set(di, 127)));
  return hn::Mul(value, hn::BitCast(d, scale));
}

// Eight streams of random numbers, xorshift32 (Marsaglia 2003).
struct Draws {
  alignas(32) std::uint32_t state[kLanes];

  explicit Draws(std::uint64_t seed) {
    for (std::uint32_t& one : state) {
      seed += 0x9e3779b97f4a7c15ull;  // splitmix64
      std::uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      one = static_cast<std::uint32_t>(z >> 32) | 1u;
    }
  }
};

constexpr std::size_t kVectors = 8;  // most vectors that eight lanes take

// One sample: lane 0 is the edge's other end if it `pulls`, the others are points to be pushed from. DIM 0: any.
template <std::size_t DIM>
HWY_INLINE void sample(const UmapWork& work, const UmapEdge& edge, bool pulls, std::size_t used, Draws& draws) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const hn::RebindToUnsigned<Tag> du;
  const std::size_t dim = DIM > 0 ? DIM : work.dim, width = hn::Lanes(d);
  float* const own = work.points + static_cast<std::size_t>(edge.head) * dim;
  alignas(32) float moves[DIM > 0 ? DIM : 1][kLanes];
  hn::Vec<decltype(di)> places[kVectors];
  Vec coefficient[kVectors], apart[kVectors][DIM > 0 ? DIM : 1];
  const Vec one = hn::Set(d, 1.0f), b2 = hn::Set(d, 2 * work.b), least = hn::Set(d, 1e-30f);
  for (std::size_t v = 0; v * width < kLanes; ++v) {
    auto state = hn::Load(du, draws.state + v * width);
    state = hn::Xor(state, hn::ShiftLeft<13>(state));
    state = hn::Xor(state, hn::ShiftRight<17>(state));
    state = hn::Xor(state, hn::ShiftLeft<5>(state));
    hn::Store(state, du, draws.state + v * width);
    const Vec uniform = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(state)));
    const auto drawn = hn::ConvertTo(di, hn::Mul(uniform, hn::Set(d, work.points_a_draw)));
    const auto first = hn::Set(di, work.size[0]);
    auto place = hn::IfThenElse(hn::Lt(drawn, first), hn::Add(drawn, hn::Set(di, work.begin[0])),
                                hn::Add(hn::Sub(drawn, first), hn::Set(di, work.begin[1])));
    const auto lanes = hn::Iota(di, static_cast<std::int32_t>(v * width));
    const auto is_pull = hn::Lt(lanes, hn::Set(di, pulls ? 1 : 0));
    place = hn::IfThenElse(is_pull, hn::Set(di, edge.tail), place);
    const auto counts = hn::And(hn::Lt(lanes, hn::Set(di, static_cast<std::int32_t>(used))), hn::Ne(place, hn::Set(di, edge.head)));
    places[v] = DIM == 2 ? hn::ShiftLeft<1>(place) : hn::Mul(place, hn::Set(di, static_cast<std::int32_t>(dim)));
    Vec squared = hn::Zero(d);
    for (std::size_t k = 0; k < dim; ++k) {
      const Vec difference = hn::Sub(hn::Set(d, own[k]), hn::GatherIndex(d, work.points + k, places[v]));
      if (DIM > 0) apart[v][DIM > 0 ? k : 0] = difference;
      squared = hn::Add(squared, hn::Mul(difference, difference));
    }
    squared = hn::Min(squared, hn::Set(d, 1e30f));
    const Vec square = hn::Max(squared, least);
    const Vec p = hn::Mul(hn::Set(d, work.a), power(square, work.b));
    // -2ab·d^(2b-2) / (1 + a·d^2b), and 2γb / ((0.001 + d²)(1 + a·d^2b)).
    const Vec above = hn::IfThenElse(hn::RebindMask(d, is_pull), hn::Neg(hn::Mul(b2, p)), hn::Mul(b2, hn::Set(d, work.repulsion)));
    const Vec below = hn::Mul(hn::Add(p, one), hn::IfThenElse(hn::RebindMask(d, is_pull), square, hn::Add(squared, hn::Set(d, 0.001f))));
    coefficient[v] = hn::IfThenElseZero(hn::And(hn::RebindMask(d, counts), hn::Gt(squared, least)), hn::Div(above, below));
  }
  const Vec clip = hn::Set(d, 4.0f), negative_clip = hn::Set(d, -4.0f);
  float* const tail = work.points + static_cast<std::size_t>(edge.tail) * dim;
  for (std::size_t k = 0; k < dim; ++k) {
    float* const moved = moves[DIM > 0 ? k : 0];
    for (std::size_t v = 0; v * width < kLanes; ++v) {
      const Vec difference = DIM > 0 ? apart[v][DIM > 0 ? k : 0] : hn::Sub(hn::Set(d, own[k]), hn::GatherIndex(d, work.points + k, places[v]));
      hn::Store(hn::Min(hn::Max(hn::Mul(coefficient[v], difference), negative_clip), clip), d, moved + v * width);
    }
    if (pulls) tail[k] -= work.learning_rate * moved[0];
    own[k] += work.learning_rate * sum_lanes<float>(moved);
  }
}

template <std::size_t DIM>
void run(UmapWork& work) {
  // Which are due: without a branch, as nothing predicts it.
  std::size_t due = 0;
  for (std::size_t e = 0; e < work.count; ++e) {
    work.due[due] = static_cast<std::int32_t>(e);
    due += work.edges[e].next <= work.epoch;
  }
  Draws draws(work.random);
  for (std::size_t i = 0; i < due; ++i) {
    UmapEdge& edge = work.edges[work.due[i]];
    std::int32_t negatives = edge.advance(work.epoch, work.negatives);
    std::size_t used = std::min<std::size_t>(kLanes, 1 + static_cast<std::size_t>(negatives));
    sample<DIM>(work, edge, true, used, draws);
    for (negatives -= static_cast<std::int32_t>(used) - 1; negatives > 0; negatives -= static_cast<std::int32_t>(used)) {
      used = std::min<std::size_t>(kLanes, static_cast<std::size_t>(negatives));
      sample<DIM>(work, edge, false, used, draws);
    }
  }
}

void run_work(UmapWork& work) {
  switch (work.dim) {
    case 2:
      return run<2>(work);
    case 3:
      return run<3>(work);
    default:
      return run<0>(work);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"

namespace latentgrid {

HWY_EXPORT(run_work);

namespace {

constexpr std::int64_t points_a_block = 512;
constexpr std::int64_t most_blocks = 32;

// Even, so that every block has a partner in every round; one of few points, whose negative samples would be too few else.
std::int64_t block_count(std::int64_t points) {
  return points < 4 * points_a_block ? 1 : std::min(points / points_a_block / 2 * 2, most_blocks);
}

}  // namespace

struct UmapLayout::State {
  UmapLayoutOptions options;
  std::int64_t count = 0, dim = 0, blocks = 0, epoch = 0;
  std::vector<std::int64_t> order;  // order[place]: the point there
  std::vector<std::int64_t> begins;  // of the blocks' places, and the end
  std::vector<float> points;         // by place
  std::vector<std::vector<UmapEdge>> edges;              // by pair of blocks
  std::vector<std::vector<std::pair<int, int>>> rounds;  // of pairs without a block in common

  std::size_t pair(std::int64_t p, std::int64_t q) const { return static_cast<std::size_t>(std::min(p, q) * blocks + std::max(p, q)); }

  void divide() {
    RandomStream random(options.seed, "umap blocks");
    order = random.permutation(count);
    for (std::int64_t b = 0; b <= blocks; ++b) begins.push_back(count * b / blocks);
  }

  void add_edges(const SparseRows& graph) {
    std::vector<std::int32_t> place(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) place[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = static_cast<std::int32_t>(i);
    auto block_of = [&](std::int32_t at) { return std::upper_bound(begins.begin(), begins.end(), at) - begins.begin() - 1; };
    float largest = 0;
    for (const float value : graph.values) largest = std::max(largest, value);
    edges.resize(static_cast<std::size_t>(blocks * blocks));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto from = static_cast<std::size_t>(order[static_cast<std::size_t>(i)]);
      const std::int64_t own = block_of(static_cast<std::int32_t>(i));
      for (std::int64_t j = graph.starts[from]; j < graph.starts[from + 1]; ++j) {
        const float value = graph.values[static_cast<std::size_t>(j)];
        if (value * static_cast<float>(options.epochs) < largest) continue;  // it would never be due
        const std::int32_t to = place[static_cast<std::size_t>(graph.columns[static_cast<std::size_t>(j)])];
        edges[pair(own, block_of(to))].push_back({static_cast<std::int32_t>(i), to, largest / value, 0, 0});
      }
    }
  }

  // To where they stand after `epoch` epochs.
  void advance_edges() {
    const auto negatives = static_cast<float>(options.negative_sample_rate);
    for (std::vector<UmapEdge>& list : edges) {
      for (UmapEdge& edge : list) {
        edge.begin(negatives);
        for (std::int64_t e = 0; (e = std::max(e, static_cast<std::int64_t>(std::ceil(edge.next)))) < epoch; ++e) {
          edge.advance(static_cast<float>(e), negatives);
        }
      }
    }
  }

  // Neighbors in the list have different points: the next can begin before the last is done.
  void interleave() {
    std::vector<std::int32_t> seen(static_cast<std::size_t>(count));
    for (std::vector<UmapEdge>& list : edges) {
      std::vector<std::pair<std::int32_t, UmapEdge>> ranked;
      for (const UmapEdge& edge : list) ranked.emplace_back(seen[static_cast<std::size_t>(edge.head)]++, edge);
      for (const UmapEdge& edge : list) seen[static_cast<std::size_t>(edge.head)] = 0;
      std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t i = 0; i < list.size(); ++i) list[i] = ranked[i].second;
    }
  }

  // A round robin tournament, and a round in which each block is alone.
  void plan_rounds() {
    rounds.emplace_back();
    for (int b = 0; b < blocks; ++b) rounds.back().emplace_back(b, b);
    const int last = static_cast<int>(blocks) - 1;
    for (int round = 0; round < last; ++round) {
      rounds.emplace_back();
      rounds.back().emplace_back(round, last);
      for (int i = 1; i < (last + 1) / 2; ++i) rounds.back().emplace_back((round + i) % last, (round - i + last) % last);
    }
  }

  void run_pair(int p, int q) {
    std::vector<UmapEdge>& due = edges[pair(p, q)];
    const double done = static_cast<double>(std::max<std::int64_t>(epoch - 1, 0)) / static_cast<double>(options.epochs);  // umap-learn's
    static thread_local std::vector<std::int32_t> room;
    room.resize(std::max(room.size(), due.size() + 1));
    UmapWork work{.edges = due.data(),
                  .count = due.size(),
                  .points = points.data(),
                  .dim = static_cast<std::size_t>(dim),
                  .begin = {static_cast<std::int32_t>(begins[static_cast<std::size_t>(p)]), static_cast<std::int32_t>(begins[static_cast<std::size_t>(q)])},
                  .size = {static_cast<std::int32_t>(begins[static_cast<std::size_t>(p) + 1] - begins[static_cast<std::size_t>(p)]),
                           p == q ? 0 : static_cast<std::int32_t>(begins[static_cast<std::size_t>(q) + 1] - begins[static_cast<std::size_t>(q)])},
                  .a = static_cast<float>(options.curve.a),
                  .b = static_cast<float>(options.curve.b),
                  .repulsion = static_cast<float>(options.repulsion_strength),
                  .learning_rate = static_cast<float>(options.learning_rate * (1 - done)),
                  .epoch = static_cast<float>(epoch),
                  .negatives = static_cast<float>(options.negative_sample_rate),
                  .points_a_draw = 0,
                  .random = derive_seed(options.seed, "umap", {epoch, p, q}),
                  .due = room.data()};
    work.points_a_draw = static_cast<float>(work.size[0] + work.size[1]) * 0x1p-24f;
    HWY_DYNAMIC_DISPATCH(run_work)(work);
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
  while (s.epoch < epoch) {
    for (const auto& round : s.rounds) {
      parallel_for(static_cast<std::int64_t>(round.size()), s.options.threads,
                   [&](std::int64_t i) { s.run_pair(round[static_cast<std::size_t>(i)].first, round[static_cast<std::size_t>(i)].second); });
    }
    ++s.epoch;
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

#endif
