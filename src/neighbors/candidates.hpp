#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace latentgrid {

// The points that may be among the k nearest of one point, going by bounds of their distances. Holds at most 2k + 32 of
// them, however many are offered. One thread.
class Candidates {
 public:
  struct Candidate {
    float lower, upper;  // of the squared distance; equal once it is known
    std::int32_t index;
  };
  // The squared distance of a point.
  using Distance = std::function<float(std::int32_t)>;

  // A point whose lower bound is greater need not be offered.
  float limit() const { return limit_; }

  // Bounds that are not numbers are none.
  void offer(Candidate candidate, std::int64_t k, const Distance& distance);

  // The k nearest, by distance, then by index.
  const std::vector<Candidate>& nearest(std::int64_t k, const Distance& distance);

 private:
  void drop_far(std::int64_t k);
  void keep_nearest(std::int64_t k, const Distance& distance);

  std::vector<Candidate> candidates_;
  float limit_ = std::numeric_limits<float>::infinity();
};

}  // namespace latentgrid
