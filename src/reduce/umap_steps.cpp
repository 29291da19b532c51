#include "reduce/umap_steps.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/umap_steps.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Batches are as wide whatever the vectors are, so that every machine gets the same bits.
using Tag = hn::CappedTag<float, umap_batch>;
using Vec = hn::Vec<Tag>;
using Ints = hn::Vec<hn::RebindToSigned<Tag>>;
using Words = hn::Vec<hn::RebindToUnsigned<Tag>>;

constexpr float least_apart = 1e-30f, most_apart = 1e30f;  // squared
constexpr float most_move = 4;  // along a coordinate

template <typename... More>
HWY_INLINE Vec polynomial(Vec x, float highest, More... others) {
  const Tag d;
  Vec value = hn::Set(d, highest);
  ((value = hn::Add(hn::Mul(value, x), hn::Set(d, others))), ...);
  return value;
}

// a·x^b by 2^(b·log2(x) + log2(a)), to about 2e-4. Without fused multiply-adds, which not every machine has.
class Power {
 public:
  explicit Power(const UmapWork& work) : b_(work.b), log_a_(work.log2_a), least_(work.least_square), most_(work.most_square) {}

  HWY_INLINE Vec operator()(Vec x) const {
    const Tag d;
    const hn::RebindToSigned<Tag> di;
    x = hn::Min(hn::Max(x, hn::Set(d, least_)), hn::Set(d, most_));
    const Ints bits = hn::BitCast(di, x), exponent = hn::ShiftRight<23>(bits);  // and 127
    const Vec m = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(di, 0x007fffff)), hn::Set(di, 0x3f800000)));  // in [1, 2)
    const Vec log = hn::Add(hn::ConvertTo(d, exponent), polynomial(m, -0.0816157725f, 0.645142149f, -2.12067466f, 4.07009034f, -2.51285447f - 127));
    const Vec y = hn::Add(hn::Mul(log, hn::Set(d, b_)), hn::Set(d, log_a_));
    const Vec to_whole = hn::Set(d, 0x1.8p23f), moved = hn::Add(y, to_whole);  // its lowest bits are y, rounded
    const Vec f = hn::Sub(y, hn::Sub(moved, to_whole));
    const Vec value = polynomial(f, 0.0551716672f, 0.242611122f, 0.693260986f, 0.999928074f);
    return hn::BitCast(d, hn::Add(hn::BitCast(di, value), hn::ShiftLeft<23>(hn::BitCast(di, moved))));
  }

 private:
  float b_, log_a_, least_, most_;
};

// As many streams of random numbers as a batch has edges, xorshift32 (Marsaglia 2003).
class Draws {
 public:
  explicit Draws(const UmapWork& work) : work_(work), a_draw_(static_cast<float>(work.size[0] + work.size[1]) * 0x1p-24f) {
    std::uint64_t seed = work.random;
    for (std::uint32_t& one : state_) {
      seed += 0x9e3779b97f4a7c15ull;  // splitmix64
      std::uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      one = static_cast<std::uint32_t>(z >> 32) | 1u;
    }
  }

  // Random places in the two blocks, for the lanes from `first` on.
  HWY_INLINE Ints places(std::size_t first) {
    const Tag d;
    const hn::RebindToSigned<Tag> di;
    const hn::RebindToUnsigned<Tag> du;
    Words state = hn::Load(du, state_ + first);
    state = hn::Xor(state, hn::ShiftLeft<13>(state));
    state = hn::Xor(state, hn::ShiftRight<17>(state));
    state = hn::Xor(state, hn::ShiftLeft<5>(state));
    hn::Store(state, du, state_ + first);
    const Vec uniform = hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(state)));
    const Ints drawn = hn::ConvertTo(di, hn::Mul(uniform, hn::Set(d, a_draw_))), of_first = hn::Set(di, work_.size[0]);
    return hn::Add(drawn, hn::IfThenElse(hn::Lt(drawn, of_first), hn::Set(di, work_.begin[0]), hn::Set(di, work_.begin[1] - work_.size[0])));
  }

 private:
  const UmapWork& work_;
  float a_draw_;
  alignas(64) std::uint32_t state_[umap_batch];
};

// DIM coordinates of the points at `places`.
template <std::size_t DIM>
HWY_INLINE void gather(const float* points, Ints places, Vec* coordinates) {
  const Tag d;
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  if constexpr (DIM == 2) {  // both at once
    const hn::Repartition<std::int64_t, Tag> d64;
    const hn::Half<hn::RebindToSigned<Tag>> half;
    const auto* pairs = reinterpret_cast<const std::int64_t*>(points);
    const Vec low = hn::BitCast(d, hn::GatherIndex(d64, pairs, hn::PromoteTo(d64, hn::LowerHalf(half, places))));
    const Vec high = hn::BitCast(d, hn::GatherIndex(d64, pairs, hn::PromoteTo(d64, hn::UpperHalf(half, places))));
    coordinates[0] = hn::ConcatEven(d, high, low);
    coordinates[1] = hn::ConcatOdd(d, high, low);
    return;
  }
#endif
  const hn::RebindToSigned<Tag> di;
  const Ints index = hn::Mul(places, hn::Set(di, static_cast<std::int32_t>(DIM)));
  for (std::size_t k = 0; k < DIM; ++k) coordinates[k] = hn::GatherIndex(d, points + k, index);
}

// What moves a head towards (below 0) or away from another point, for a distance of 1.
class Forces {
 public:
  explicit Forces(const UmapWork& work) : power_(work), twice_b_(2 * work.b), push_(2 * work.b * work.repulsion) {}

  // -2ab·d^(2b-2) / (1 + a·d^2b)
  HWY_INLINE Vec pull(Vec square) const {
    const Tag d;
    const Vec p = power_(square), least = hn::Set(d, least_apart);
    const Vec value = hn::Div(hn::Mul(hn::Set(d, -twice_b_), p), hn::Mul(hn::Add(p, hn::Set(d, 1.0f)), hn::Max(square, least)));
    return hn::IfThenElseZero(hn::Gt(square, least), value);
  }

  // 2γb / ((0.001 + d²)(1 + a·d^2b))
  HWY_INLINE Vec push(Vec square) const {
    const Tag d;
    const Vec below = hn::Mul(hn::Add(power_(square), hn::Set(d, 1.0f)), hn::Add(square, hn::Set(d, 0.001f)));
    return hn::IfThenElseZero(hn::Gt(square, hn::Set(d, least_apart)), hn::Div(hn::Set(d, push_), below));
  }

 private:
  Power power_;
  float twice_b_, push_;
};

HWY_INLINE Vec clipped(Vec move) {
  const Tag d;
  return hn::Min(hn::Max(move, hn::Set(d, -most_move)), hn::Set(d, most_move));
}

template <std::size_t DIM>
HWY_INLINE Vec squared(const Vec* apart) {
  Vec square = hn::Mul(apart[0], apart[0]);
  for (std::size_t k = 1; k < DIM; ++k) square = hn::Add(square, hn::Mul(apart[k], apart[k]));
  return hn::Min(square, hn::Set(Tag(), most_apart));
}

// Heads and tails of one batch; of those beyond `used` nothing comes.
struct Batch {
  const std::int32_t *heads, *tails;
  std::size_t used;
};

template <std::size_t DIM>
class Steps {
 public:
  explicit Steps(const UmapWork& work) : work_(work), draws_(work), forces_(work) {}

  void take(const Batch& batch) {
    const Tag d;
    const hn::RebindToSigned<Tag> di;
    const std::size_t width = hn::Lanes(d);
    const Vec rate = hn::Set(d, work_.learning_rate);
    alignas(64) float pulls[DIM][umap_batch], moves[DIM][umap_batch];
    for (std::size_t v = 0; v < umap_batch; v += width) {
      Vec own[DIM], other[DIM], move[DIM];
      const Ints heads = hn::LoadU(di, batch.heads + v);
      gather<DIM>(work_.points, heads, own);
      gather<DIM>(work_.points, hn::LoadU(di, batch.tails + v), other);
      for (std::size_t k = 0; k < DIM; ++k) other[k] = hn::Sub(own[k], other[k]);
      const Vec pull = forces_.pull(squared<DIM>(other));
      for (std::size_t k = 0; k < DIM; ++k) {
        move[k] = clipped(hn::Mul(pull, other[k]));
        hn::Store(hn::Mul(rate, move[k]), d, pulls[k] + v);
      }
      for (std::int64_t n = 0; n < work_.negatives; ++n) {
        gather<DIM>(work_.points, draws_.places(v), other);
        for (std::size_t k = 0; k < DIM; ++k) other[k] = hn::Sub(own[k], other[k]);
        const Vec push = forces_.push(squared<DIM>(other));
        for (std::size_t k = 0; k < DIM; ++k) move[k] = hn::Add(move[k], clipped(hn::Mul(push, other[k])));
      }
      for (std::size_t k = 0; k < DIM; ++k) hn::Store(hn::Mul(rate, move[k]), d, moves[k] + v);
    }
    for (std::size_t e = 0; e < batch.used; ++e) {
      float* const tail = work_.points + static_cast<std::size_t>(batch.tails[e]) * DIM;
      for (std::size_t k = 0; k < DIM; ++k) tail[k] -= pulls[k][e];
      float* const head = work_.points + static_cast<std::size_t>(batch.heads[e]) * DIM;
      for (std::size_t k = 0; k < DIM; ++k) head[k] += moves[k][e];
    }
  }

 private:
  const UmapWork& work_;
  Draws draws_;
  Forces forces_;
};

// Any number of coordinates, which lie in memory.
template <>
class Steps<0> {
 public:
  explicit Steps(const UmapWork& work) : work_(work), draws_(work), forces_(work) {
    own_ = work.room->coordinates.data();
    pulls_ = own_ + work.dim * umap_batch;
    moves_ = pulls_ + work.dim * umap_batch;
  }

  void take(const Batch& batch) {
    const Tag d;
    const hn::RebindToSigned<Tag> di;
    const std::size_t width = hn::Lanes(d), dim = work_.dim;
    const Vec rate = hn::Set(d, work_.learning_rate);
    const Ints stride = hn::Set(di, static_cast<std::int32_t>(dim));
    for (std::size_t v = 0; v < umap_batch; v += width) {
      const Ints heads = hn::Mul(hn::LoadU(di, batch.heads + v), stride);
      for (std::size_t k = 0; k < dim; ++k) hn::StoreU(hn::GatherIndex(d, work_.points + k, heads), d, own_ + k * umap_batch + v);
      const Ints tails = hn::Mul(hn::LoadU(di, batch.tails + v), stride);
      const Vec pull = forces_.pull(square_to(tails, v));
      for (std::size_t k = 0; k < dim; ++k) {
        const Vec move = clipped(hn::Mul(pull, apart(tails, k, v)));
        hn::StoreU(hn::Mul(rate, move), d, pulls_ + k * umap_batch + v);
        hn::StoreU(move, d, moves_ + k * umap_batch + v);
      }
      for (std::int64_t n = 0; n < work_.negatives; ++n) {
        const Ints places = hn::Mul(draws_.places(v), stride);
        const Vec push = forces_.push(square_to(places, v));
        for (std::size_t k = 0; k < dim; ++k) {
          float* const moved = moves_ + k * umap_batch + v;
          hn::StoreU(hn::Add(hn::LoadU(d, moved), clipped(hn::Mul(push, apart(places, k, v)))), d, moved);
        }
      }
      for (std::size_t k = 0; k < dim; ++k) {
        float* const moved = moves_ + k * umap_batch + v;
        hn::StoreU(hn::Mul(rate, hn::LoadU(d, moved)), d, moved);
      }
    }
    for (std::size_t e = 0; e < batch.used; ++e) {
      float* const tail = work_.points + static_cast<std::size_t>(batch.tails[e]) * dim;
      for (std::size_t k = 0; k < dim; ++k) tail[k] -= pulls_[k * umap_batch + e];
      float* const head = work_.points + static_cast<std::size_t>(batch.heads[e]) * dim;
      for (std::size_t k = 0; k < dim; ++k) head[k] += moves_[k * umap_batch + e];
    }
  }

 private:
  HWY_INLINE Vec apart(Ints places, std::size_t k, std::size_t first) const {
    const Tag d;
    return hn::Sub(hn::LoadU(d, own_ + k * umap_batch + first), hn::GatherIndex(d, work_.points + k, places));
  }
  HWY_INLINE Vec square_to(Ints places, std::size_t first) const {
    const Tag d;
    Vec square = hn::Zero(d);
    for (std::size_t k = 0; k < work_.dim; ++k) {
      const Vec along = apart(places, k, first);
      square = hn::Add(square, hn::Mul(along, along));
    }
    return hn::Min(square, hn::Set(d, most_apart));
  }

  const UmapWork& work_;
  Draws draws_;
  Forces forces_;
  float *own_, *pulls_, *moves_;  // coordinate after coordinate, those of a batch side by side
};

// Those that are due, to the room; returns how many there are.
std::size_t collect(const UmapWork& work) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const std::size_t width = hn::Lanes(d);
  UmapEdges& edges = *work.edges;
  std::int32_t *heads = work.room->heads.data(), *tails = work.room->tails.data();
  const Vec epoch = hn::Set(d, work.epoch);
  std::size_t due = 0, e = 0;
  for (; e + width <= edges.size(); e += width) {
    const Vec next = hn::LoadU(d, edges.next.data() + e);
    const auto is_due = hn::Le(next, epoch);
    hn::StoreU(hn::Add(next, hn::IfThenElseZero(is_due, hn::LoadU(d, edges.every.data() + e))), d, edges.next.data() + e);
    const auto chosen = hn::RebindMask(di, is_due);
    hn::StoreU(hn::Compress(hn::LoadU(di, edges.head.data() + e), chosen), di, heads + due);
    hn::StoreU(hn::Compress(hn::LoadU(di, edges.tail.data() + e), chosen), di, tails + due);
    due += hn::CountTrue(d, is_due);
  }
  for (; e < edges.size(); ++e) {
    if (edges.next[e] > work.epoch) continue;
    edges.next[e] += edges.every[e];
    heads[due] = edges.head[e];
    tails[due++] = edges.tail[e];
  }
  return due;
}

template <std::size_t DIM>
void run(const UmapWork& work) {
  UmapRoom& room = *work.room;
  const std::size_t due = collect(work);
  // The last batch is filled up with edges from a point to itself.
  std::fill_n(room.heads.begin() + static_cast<std::ptrdiff_t>(due), umap_batch, work.begin[0]);
  std::fill_n(room.tails.begin() + static_cast<std::ptrdiff_t>(due), umap_batch, work.begin[0]);
  Steps<DIM> steps(work);
  for (std::size_t e = 0; e < due; e += umap_batch) {
    steps.take({.heads = room.heads.data() + e, .tails = room.tails.data() + e, .used = std::min(umap_batch, due - e)});
  }
}

void run_steps(const UmapWork& work) {
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
namespace latentgrid {

HWY_EXPORT(run_steps);

void umap_steps(const UmapWork& work) { HWY_DYNAMIC_DISPATCH(run_steps)(work); }

}  // namespace latentgrid
#endif
