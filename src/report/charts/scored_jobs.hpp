#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "report/fields.hpp"
#include "report/report_data.hpp"

namespace latentgrid::charts {

// The jobs that a figure of scores can use: complete, with a value of the score.
struct ScoredJobs {
  std::string score;  // the field's title: "accuracy"
  bool lower_is_better = false;
  std::vector<std::size_t> rows;      // into ReportData::rows, in its order
  std::vector<double> values;         // one a row
  std::vector<std::string> left_out;  // sentences: incomplete jobs, and complete ones without the score
  std::string omission;                    // if not empty: why there is nothing to show

  std::vector<std::size_t> by_rank() const;  // indices into `rows`, from the lowest value to the highest
};

// spec["score"] is the name of a measured field; see charts.hpp for what is taken without it.
ScoredJobs scored_jobs(const ReportData& data, const Json& spec);
ScoredJobs scored_jobs(const ReportData& data, const Json& spec, const std::vector<std::size_t>& among);  // these jobs alone

// Why silhouettes of several embeddings are not ranked.
extern const char* const silhouettes_differ;

// "3 of 10 jobs are incomplete and left out."; nothing where all are complete.
std::vector<std::string> incomplete_sentence(const ReportData& data);
std::vector<std::string> incomplete_sentence(const ReportData& data, const std::vector<std::size_t>& among);

}  // namespace latentgrid::charts
