#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace latentgrid::nn {

// Judges a training by one value an epoch: which epoch is the best, and when it is time to end, because `patience` epochs in a row
// were no better. The values are all it knows, so one that gets them back from a checkpoint goes on as if nothing had happened.
class EarlyStop {
 public:
  enum class Better { lower, higher };
  EarlyStop(Better better, std::int64_t patience) : better_(better), patience_(patience) {}

  void add(double value);  // of the next epoch
  void restore(const std::vector<double>& values);

  const std::vector<double>& values() const { return values_; }
  // Of the epochs so far, of which there must be one; the first of equal ones. Epochs count from 1.
  std::int64_t best_epoch() const { return static_cast<std::int64_t>(best_) + 1; }
  double best_value() const { return values_.at(best_); }
  bool last_is_best() const { return best_ + 1 == values_.size(); }
  bool is_over() const;

 private:
  Better better_;
  std::int64_t patience_;
  std::vector<double> values_;
  std::size_t best_ = 0;
};

}  // namespace latentgrid::nn
