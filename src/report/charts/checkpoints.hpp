#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/charts/correlation_sentences.hpp"
#include "report/charts/common.hpp"
#include "report/charts/scored_jobs.hpp"
#include "report/report_data.hpp"

namespace latentgrid::charts {

struct Checkpoint {
  std::size_t row = 0;  // into ReportData::rows
  double error = 0, score = 0;
};

// One training with one reduction and clustering: jobs that differ in nothing but epochs, in their order.
struct CheckpointCurve {
  std::vector<Checkpoint> checkpoints;
  std::string pipeline;  // what follows the training, as far as it varies in the sweep: "PCA(dim = 32)", "TSNE(dim =
                         // 2), k = 10"
};

// Of the jobs that have a reconstruction error, in the order of the file.
std::vector<CheckpointCurve> checkpoint_curves(const ReportData& data, const ScoredJobs& jobs);

// An architecture with a pipeline each, or where those are very many an architecture alone. `unit` becomes "curve"
// where a training has several curves in one subject, which are then no trainings of their own.
std::vector<CorrelationSubject> correlation_subjects(const ReportData& data, const std::vector<CheckpointCurve>& curves,
                                                     std::string& unit);

}  // namespace latentgrid::charts
