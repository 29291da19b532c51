#pragma once

#include "plan/task_graph.hpp"
#include "protocol/messages.hpp"

namespace latentgrid {

// What a worker is told to do what is missing of a task of the graph; without sources.
protocol::Run task_message(const TaskGraph& graph, int task, int attempt);

}  // namespace latentgrid
