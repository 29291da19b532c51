#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/queries.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// What trainings of one architecture and latent differ in besides epochs and seed: the parameters of training that are
// axes of the sweep. Refers to nothing after it is made.
class TrainingNames {
 public:
  explicit TrainingNames(const ReportData& data);

  // Of the job at this place in ReportData::rows: "learning_rate 0.001, batch_size 64"; empty where the sweep varies none.
  std::string parameters(std::size_t row) const;

 private:
  std::vector<AxisColumn> axes_;
};

}  // namespace latentgrid
