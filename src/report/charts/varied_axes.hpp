#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "report/charts/scored_jobs.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid::charts {

// An axis on which some jobs differ.
struct VariedAxis {
  std::string name;           // "latent_dim"
  std::vector<Cell> values;   // those that occur: numbers ascending, then text in the order of the file
  std::vector<int> value_of;  // of each job asked about, an index into `values`; -1: it has none
  bool numeric = false;       // all values are numbers

  std::string title() const;  // "latent dimension"
  // A value as a reader is told of it: "PCA", "auto".
  std::string text(const Cell& value) const;
  std::size_t jobs_with_value() const;
  FigureAxis scale() const;            // categories unless numeric
  double coordinate(int value) const;  // of an index into `values`, on that scale
};

// The axes with two values or more among these jobs (indices into ReportData::rows), in the order of the grid: its
// first axis changes least often from job to job. `pca.dim` and `kmeans.k` are left out where they only repeat
// reduced_dim and k.
std::vector<VariedAxis> varied_axes(const ReportData& data, const std::vector<std::size_t>& rows);

// The jobs and axes of a figure of scores over axes. Nothing where there is nothing to show: the figure's omission says why.
struct ScoredAxes {
  ScoredJobs jobs;
  std::vector<VariedAxis> axes;
};
std::optional<ScoredAxes> scored_axes(const ReportData& data, const Json& spec, Figure& figure);

// Whether every combination of the axes' values has equally many jobs. An axis whose value follows from another's, as where
// two always change together, makes no combinations of its own.
bool is_balanced(const std::vector<VariedAxis>& axes, std::size_t jobs);

// Whether every value of `inner` goes with one value of `outer` alone, among the jobs that have one of `outer`.
bool follows(const VariedAxis& outer, const VariedAxis& inner);

// Titles of axes that always change together, each group once, in the order of the axes.
std::vector<std::vector<std::string>> changing_together(const std::vector<VariedAxis>& axes);

// "Only 64 of these 96 jobs have a value on the axis 'epochs'." for the axes that not all jobs have.
std::vector<std::string> missing_value_sentences(const std::vector<VariedAxis>& axes, std::size_t jobs);

}  // namespace latentgrid::charts
