#pragma once

#include <cstddef>
#include <cstdint>

namespace latentgrid {

// One row of a block of pairs: a point against `count` others.
struct PairRow {
  const float* products;  // count
  const float* parts;     // count
  const float* limits;    // count
  std::size_t count;
  float part, limit;  // the point's own
};

// Writes the j for which part + parts[j] - products[j] isn't above both limit and limits[j] (or isn't a number) to `near`,
// in ascending order, and returns how many there are. SIMD by Google Highway, dispatched at run time. Thread-safe.
std::size_t near_pairs(const PairRow& row, std::int32_t* near);

}  // namespace latentgrid
