#include "cluster/spanning_tree.hpp"

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "cluster/spanning_tree_kernel.hpp"

namespace latentgrid {

namespace {

constexpr double no_distance = std::numeric_limits<double>::infinity();
constexpr auto step_block = static_cast<std::int64_t>(spanning_block);
constexpr std::int64_t step_values_a_part = 1 << 18;  // of a step; fewer aren't worth a thread
constexpr std::int64_t edges_a_pulse = 256;

class Prim {
 public:
  Prim(ConstMatrixRef points, std::span<const double> cores, int threads)
      : points_(points), all_cores_(cores), threads_(threads), width_(static_cast<std::size_t>(points.cols())),
        blocks_((points.rows() + step_block - 1) / step_block), least_(blocks_), numbers_(points.rows()), joined_(points.rows()) {
    const auto places = static_cast<std::size_t>(blocks_ * step_block);
    x_ = hwy::AllocateAligned<float>(std::max<std::size_t>(places * width_, 1));
    cores_ = hwy::AllocateAligned<double>(places);
    nearest_ = hwy::AllocateAligned<double>(places);
    sources_.resize(places);
    std::iota(numbers_.begin(), numbers_.end(), 0);
    std::fill_n(nearest_.get(), places, no_distance);
    load();
  }

  std::vector<Join> run(const TreeProgress& progress) {
    std::vector<Join> edges;
    const std::int64_t total = points_.rows() - 1;
    edges.reserve(static_cast<std::size_t>(total));
    std::int64_t place = 0;
    while (static_cast<std::int64_t>(edges.size()) < total) {
      const std::int32_t newest = join(place);
      const auto remaining = total - static_cast<std::int64_t>(edges.size());
      if (4 * remaining < 3 * static_cast<std::int64_t>(numbers_.size())) close_gaps();
      update(newest);
      place = nearest_place();
      edges.push_back({.first = sources_[place], .second = numbers_[place], .height = std::sqrt(nearest_[place])});
      const auto done = static_cast<std::int64_t>(edges.size());
      if (progress && (done % edges_a_pulse == 0 || done == total)) progress(done, total);
    }
    return edges;
  }

 private:
  // The points in numbers_ to blocks; beyond the last one there are points that never join.
  void load() {
    const auto count = static_cast<std::int64_t>(numbers_.size());
    for (std::int64_t place = 0; place < blocks_ * step_block; ++place) {
      float* x = x_.get() + static_cast<std::size_t>(place / step_block) * width_ * spanning_block + place % step_block;
      for (std::size_t i = 0; i < width_; ++i) x[i * spanning_block] = place < count ? points_(numbers_[place], static_cast<Eigen::Index>(i)) : 0.0f;
      cores_[place] = place >= count ? no_distance : all_cores_.empty() ? 0 : all_cores_[numbers_[place]];
    }
  }

  std::int32_t join(std::int64_t place) {
    const std::int32_t number = numbers_[place];
    joined_[number] = true;
    cores_[place] = nearest_[place] = no_distance;
    return number;
  }

  void update(std::int32_t newest) {
    query_.assign(points_.row(newest).begin(), points_.row(newest).end());
    const double core = all_cores_.empty() ? 0 : all_cores_[newest];
    const std::int64_t blocks_a_part = step_values_a_part / static_cast<std::int64_t>(spanning_block * (width_ + 1)) + 1;
    parallel_for((blocks_ + blocks_a_part - 1) / blocks_a_part, threads_, [&](std::int64_t part) {
      for (std::int64_t block = part * blocks_a_part; block < std::min(blocks_, (part + 1) * blocks_a_part); ++block) {
        const std::size_t begin = static_cast<std::size_t>(block) * spanning_block;
        least_[block] = spanning_step({.point = query_.data(), .core = core, .number = newest, .width = width_, .x = x_.get() + begin * width_,
                                       .cores = cores_.get() + begin, .nearest = nearest_.get() + begin, .sources = sources_.data() + begin});
      }
    });
  }

  std::int64_t nearest_place() const {
    const auto block = std::min_element(least_.begin(), least_.begin() + blocks_) - least_.begin();
    const double* begin = nearest_.get() + block * step_block;
    return std::find(begin, begin + step_block, least_[block]) - nearest_.get();
  }

  // Leaves what has joined out of the blocks.
  void close_gaps() {
    std::size_t to = 0;
    for (std::size_t from = 0; from < numbers_.size(); ++from) {
      if (joined_[numbers_[from]]) continue;
      numbers_[to] = numbers_[from];
      nearest_[to] = nearest_[from];
      sources_[to++] = sources_[from];
    }
    numbers_.resize(to);
    blocks_ = (static_cast<std::int64_t>(to) + step_block - 1) / step_block;
    std::fill(nearest_.get() + to, nearest_.get() + blocks_ * step_block, no_distance);
    load();
  }

  ConstMatrixRef points_;
  std::span<const double> all_cores_;
  int threads_;
  std::size_t width_;
  std::int64_t blocks_;
  // Of what is in the blocks; places where a point has joined the tree remain until the next close_gaps().
  hwy::AlignedFreeUniquePtr<float[]> x_;
  hwy::AlignedFreeUniquePtr<double[]> cores_, nearest_;
  std::vector<std::int32_t> sources_;
  std::vector<double> least_;          // of `nearest` in each block
  std::vector<std::int32_t> numbers_;  // of the points, ascending
  std::vector<bool> joined_;           // of all points
  std::vector<double> query_;
};

}  // namespace

std::vector<Join> minimum_spanning_tree(ConstMatrixRef points, std::span<const double> cores, int threads, const TreeProgress& progress) {
  if (points.rows() < 1) throw Error("minimum spanning tree: there are no points");
  if (!all_finite(points)) throw Error("minimum spanning tree: a coordinate is not finite");
  return Prim(points, cores, threads).run(progress);
}

}  // namespace latentgrid
