#pragma once

#include <cstddef>
#include <cstdint>

namespace latentgrid {

// The inner loop of spanning_tree.cpp: one point joins the tree, and what is not in it may now be nearer to the tree.
constexpr std::size_t spanning_block = 128;

struct SpanningStep {
  const double* point;     // that joined: width
  double core;             // its squared core distance
  std::int32_t number;     // what the others call it
  std::size_t width;
  const float* x;          // of the others, one dimension a row: width × spanning_block
  const double* cores;     // theirs; infinite for points in the tree; spanning_block each
  double* nearest;         // least squared mutual reachability distance from the tree
  std::int32_t* sources;   // whose it is; of equal ones the first that joined
};

// Returns the least of `nearest`. Sums in float64 in the order of the dimensions and without fused multiply-adds: equal bits on every
// instruction set. SIMD by Google Highway, dispatched at run time. Thread-safe.
double spanning_step(const SpanningStep& step);

}  // namespace latentgrid
