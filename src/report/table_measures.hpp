#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "measures/job_measures.hpp"
#include "report/comparison_input.hpp"
#include "report/report_data.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// The measures (columns/measures.hpp) that tables ask for, among all jobs of the sweep whatever a table shows of them.
// Computed once for each space, and not at all where no table names one. Not thread-safe.
class TableMeasures {
 public:
  explicit TableMeasures(const ReportData& data) : data_(data) {}

  // Puts them into what the table is made from, with sentences about those that it shows. Gives what keeps them from
  // being there, a sentence each.
  std::vector<std::string> give(const TableSpec& spec, ComparisonInput& input);

 private:
  struct InSpace {
    std::optional<CommonSpace> space;
    std::string without_space;  // why, where the table names one
    JobMeasures measures;
    std::map<std::string, std::size_t> places;  // of jobs
  };
  std::shared_ptr<const InSpace> measured(const std::string& space);

  const ReportData& data_;
  std::map<std::string, std::shared_ptr<const InSpace>> known_;
};

}  // namespace latentgrid
