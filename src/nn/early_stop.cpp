#include "nn/early_stop.hpp"

namespace latentgrid::nn {

void EarlyStop::add(double value) {
  const bool is_better = values_.empty() || (better_ == Better::lower ? value < best_value() : value > best_value());
  if (is_better) best_ = values_.size();
  values_.push_back(value);
}

void EarlyStop::restore(const std::vector<double>& values) {
  values_.clear();
  best_ = 0;
  for (double value : values) add(value);
}

bool EarlyStop::is_over() const { return static_cast<std::int64_t>(values_.size()) - best_epoch() >= patience_; }

}  // namespace latentgrid::nn
