#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "db/axis_columns.hpp"
#include "db/details.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// How long the training of a job's model was: `20 epochs`; where it may end early, also `5 epochs (at most 20)` or, as only the best epoch
// is kept, `epoch 3 of 5 (at most 20)`.
std::string epochs_text(const ResultRow& row);

// What figures call jobs, their trainings and their settings: by what tells them apart. A row is one of the data's own.
class JobNames {
 public:
  explicit JobNames(const ReportData& data);  // told apart among all jobs
  JobNames(const ReportData& data, const std::vector<std::size_t>& rows);  // among these: indices into ReportData::rows

  // `AE1`, `AE2(64)`, `raw pixels`: with the latent only where the sweep has several for that architecture.
  std::string architecture(const ResultRow& row) const;
  bool with_latent(const ResultRow& row) const;
  // The parameters of training and refinement in which the jobs differ: `learning_rate 0.001, refine dec`, or nothing.
  std::string training_parameters(const ResultRow& row) const;
  // Those that are not of the refinement behind it: `learning_rate 0.001`.
  std::string parameters_before_refinement(const ResultRow& row) const;
  // `AE2(64) after 20 epochs, learning_rate 0.001, seed 0`.
  std::string training(const ResultRow& row) const;
  // `AE1 + PCA(dim = 32), 20 epochs, learning_rate 0.001, k-means, k 20, seed 0`.
  std::string job(const ResultRow& row) const;

  // A setting is what jobs share that differ in epochs and seed alone: `AE1(32) + PCA(dim = 8), learning_rate 0.001`.
  std::string setting(const ResultRow& row) const;
  std::vector<int> setting_key(const ResultRow& row) const;  // the same for jobs of one setting

 private:
  std::size_t place(const ResultRow& row) const { return static_cast<std::size_t>(&row - &data_.rows.front()); }
  bool differ_in(const std::string& axis) const;
  std::vector<std::string> values(const ResultRow& row, const std::function<bool(const std::string& axis)>& wanted) const;

  const ReportData& data_;
  std::map<std::string, std::set<std::string>> latents_;  // by architecture
  std::vector<const AxisColumn*> axes_;                   // in which they differ, in the order of the grid
};

}  // namespace latentgrid
