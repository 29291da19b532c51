#include "columns/best_job.hpp"

namespace latentgrid {

std::string default_metric_of_best(bool labelled) { return labelled ? "accuracy" : "recon_mse"; }

void BestJob::see(std::size_t job, const std::string& state, const std::optional<double>& value) {
  if (state != "complete" || !value) return;
  if (found_ && !(lower_is_better_ ? *value < best_ : *value > best_)) return;
  found_ = job;
  best_ = *value;
}

}  // namespace latentgrid
