#include "run/task_message.hpp"

#include "methods/stages.hpp"
#include "plan/task_key.hpp"

namespace latentgrid {

protocol::Run task_message(const TaskGraph& graph, int task, int attempt) {
  const TaskNode& node = graph.tasks[task];
  protocol::Run run;
  run.task = task;
  run.attempt = attempt;
  run.stage = node.stage;
  run.key = node.key;
  run.params = *node.params;
  run.extents = node.missing;
  for (const TaskInput& input : node.inputs) {
    const TaskNode& from = graph.tasks[input.task];
    run.inputs[std::string(input.name)] = {from.stage, ArtifactId{from.key, input.extent}};
  }
  run.seed = node.seed;
  run.threads = node.threads;
  // LibTorch and the BLAS read once what they are kept to.
  if (goes_through_blas(node.stage, *node.params) || node.on_gpu || needs_libtorch(node.stage, *node.params, "")) {
    run.arithmetic = is_portable(*node.params) ? portable_arithmetic : native_arithmetic;
  }
  run.transcript = task_identity(graph, node).transcript;
  return run;
}

}  // namespace latentgrid
