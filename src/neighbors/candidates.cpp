#include "neighbors/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace latentgrid {

void Candidates::offer(Candidate candidate, std::int64_t k, const Distance& distance) {
  if (std::isnan(candidate.lower)) candidate.lower = -std::numeric_limits<float>::infinity();
  if (std::isnan(candidate.upper)) candidate.upper = std::numeric_limits<float>::infinity();
  const auto room = static_cast<std::size_t>(2 * k + 32);
  if (candidates_.empty()) candidates_.reserve(room);
  candidates_.push_back(candidate);
  if (candidates_.size() < room) return;
  drop_far(k);
  // Bounds that tell too little apart, as among equal points, would soon fill it again.
  if (candidates_.size() > room * 3 / 4) keep_nearest(k, distance);
}

const std::vector<Candidates::Candidate>& Candidates::nearest(std::int64_t k, const Distance& distance) {
  drop_far(k);
  keep_nearest(k, distance);
  return candidates_;
}

void Candidates::drop_far(std::int64_t k) {
  if (static_cast<std::int64_t>(candidates_.size()) <= k) return;
  const auto kth = candidates_.begin() + (k - 1);
  std::nth_element(candidates_.begin(), kth, candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.upper < b.upper; });
  limit_ = kth->upper;
  std::erase_if(candidates_, [this](const Candidate& c) { return c.lower > limit_; });
}

void Candidates::keep_nearest(std::int64_t k, const Distance& distance) {
  for (Candidate& candidate : candidates_) {
    if (candidate.lower != candidate.upper) candidate.lower = candidate.upper = distance(candidate.index);
  }
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.upper, a.index) < std::tie(b.upper, b.index);
  });
  if (static_cast<std::int64_t>(candidates_.size()) < k) return;
  candidates_.resize(k);
  limit_ = candidates_.back().upper;
}

}  // namespace latentgrid
