#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace latentgrid {

// The edges between two blocks of points, in the order in which they are taken.
struct UmapEdges {
  std::vector<std::int32_t> head, tail;
  std::vector<float> every, next;  // epochs from one sample to the next; the epoch that it is due

  std::size_t size() const { return head.size(); }
};

// Steps are taken so many edges at a time.
constexpr std::size_t umap_batch = 16;

// One thread's.
struct UmapRoom {
  std::vector<std::int32_t> heads, tails;  // of the edges that are due
  std::vector<float> coordinates;          // of a batch: its heads' own, and two moves

  void make(std::size_t edges, std::size_t dim) {
    heads.resize(edges + umap_batch);
    tails.resize(edges + umap_batch);
    coordinates.resize(3 * dim * umap_batch);
  }
};

// One epoch of the edges between two blocks.
struct UmapWork {
  UmapEdges* edges;
  UmapRoom* room;  // made for as many edges
  float* points;  // all, dim values each
  std::size_t dim;
  std::int32_t begin[2], size[2];  // the blocks; of the second no points where both are one
  float log2_a, b, repulsion, learning_rate, epoch;
  float least_square, most_square;  // whose a·x^b is a number far from both ends of float32
  std::int64_t negatives;  // of each sample
  std::uint64_t random;    // the streams' seed
};

// Pulls the edges together that are due, and pushes their heads from random points of both blocks. The edges of a batch see the points as they were
// before it. The bits do not depend on the instruction set.
void umap_steps(const UmapWork& work);

}  // namespace latentgrid
