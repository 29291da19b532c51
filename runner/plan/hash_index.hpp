#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

namespace latentgrid {

// Finds entries of a list of the caller's by their hash. Where the list is far larger than the processor's caches,
// nearly all time goes into waiting for memory: a look-up waits once, for its slot, and for the entry only if that is
// the one.
class HashIndex {
 public:
  explicit HashIndex(std::size_t expected) : slots_(slots_for(expected)) {}

  static std::uint32_t hash(std::initializer_list<std::int64_t> parts) {
    std::uint64_t hash = 0;
    for (std::int64_t part : parts) {
      hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9E3779B97F4A7C15u;
      hash ^= hash >> 32;
    }
    return static_cast<std::uint32_t>(hash);
  }

  // The entry for which `same` holds, and false. Without one `next`, the place where the caller now adds it, and true.
  template <typename Same>
  std::pair<std::size_t, bool> find_or_add(std::uint32_t hash, std::size_t next, Same&& same) {
    const std::size_t last = slots_.size() - 1;
    std::size_t at = hash & last;
    for (; slots_[at].entry != none; at = (at + 1) & last) {
      if (slots_[at].hash == hash && same(std::size_t{slots_[at].entry})) return {slots_[at].entry, false};
    }
    slots_[at] = {hash, static_cast<std::uint32_t>(next)};
    if (++used_ > slots_.size() / 4 * 3) grow();
    return {next, true};
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  struct Slot {
    std::uint32_t hash = 0, entry = none;
  };

  static std::size_t slots_for(std::size_t entries) {
    return std::bit_ceil(std::max<std::size_t>(entries / 3 * 4, 16));
  }

  void grow() {
    std::vector<Slot> more(2 * slots_.size());
    for (const Slot& slot : slots_) {
      std::size_t at = slot.hash & (more.size() - 1);
      while (more[at].entry != none) at = (at + 1) & (more.size() - 1);
      if (slot.entry != none) more[at] = slot;
    }
    slots_ = std::move(more);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace latentgrid
