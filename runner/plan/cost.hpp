#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/task_graph.hpp"

namespace latentgrid {

// Median wall seconds of recorded executions of a stage with a method; nothing where none was recorded.
using RecordedCost = std::function<std::optional<double>(const std::string& stage, const std::string& method)>;

// `images`: of the sweep. Estimated seconds of each task's missing part, on one thread: from records where there are some, from rough rates
// otherwise. Good for ordering and for an ETA, not for promises.
std::vector<double> estimate_costs(const TaskGraph& graph, std::int64_t images, const RecordedCost& recorded);

// The longest chain of estimated seconds from a task's start to the end of all that depends on it.
std::vector<double> critical_paths(const TaskGraph& graph, const std::vector<double>& costs);

}  // namespace latentgrid
