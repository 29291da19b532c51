#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace latentgrid {

// A 64-bit seed from hash(seed, stage, numbers...): the same everywhere, whatever ran before. Also for seeding other
// libraries' generators.
std::uint64_t derive_seed(std::int64_t seed, std::string_view stage, std::initializer_list<std::int64_t> numbers = {});

// xoshiro256** (Blackman and Vigna 2018), seeded through splitmix64. Distributions are our own, because the standard
// library's differ between implementations. Satisfies UniformRandomBitGenerator. Not thread-safe.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  explicit RandomStream(std::uint64_t seed);
  RandomStream(std::int64_t seed, std::string_view stage, std::initializer_list<std::int64_t> numbers = {})
      : RandomStream(derive_seed(seed, stage, numbers)) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()();

  double uniform();                          // [0, 1), 53 bits
  std::uint64_t below(std::uint64_t bound);  // [0, bound), without bias; bound > 0
  double normal();                           // mean 0, variance 1 (polar method)

  template <typename T>
  void shuffle(std::span<T> items) {  // Fisher-Yates
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

  std::vector<std::int64_t> permutation(std::int64_t n);

 private:
  std::array<std::uint64_t, 4> state_;
  double spare_normal_ = 0;
  bool has_spare_normal_ = false;
};

}  // namespace latentgrid
