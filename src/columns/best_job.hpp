#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "columns/metrics.hpp"

namespace latentgrid {

// By which metric a job is the best where nobody names one.
std::string default_metric_of_best(bool labelled);

// Of the jobs that it is shown, the complete one with the best value; of equals the first.
class BestJob {
 public:
  explicit BestJob(const Metric& metric) : lower_is_better_(metric.lower_is_better) {}

  void see(std::size_t job, const std::string& state, const std::optional<double>& value);
  std::optional<std::size_t> found() const { return found_; }

 private:
  bool lower_is_better_;
  std::optional<std::size_t> found_;
  double best_ = 0;
};

}  // namespace latentgrid
