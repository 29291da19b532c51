#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "db/records.hpp"
#include "plan/job.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// Numbers the tasks of a graph whose families have several extents: what a JobList says of them. It refers to the graph.
class TaskNumbers {
 public:
  explicit TaskNumbers(const TaskGraph& graph);
  std::size_t of(const JobStep& step) const;
  JobList::Tasks tasks() const;

 private:
  const TaskGraph& graph_;
  std::vector<std::uint32_t> first_;   // of a family: the number of its first extent
  std::vector<std::uint32_t> family_;  // of a number
};

// What the database keeps of a planned job.
JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph, const TaskNumbers& numbers);

}  // namespace latentgrid
