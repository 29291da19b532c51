#include "plan/export_task.hpp"

#include "plan/task_key.hpp"

namespace latentgrid {

TaskGraph encoder_export(const ArtifactId& model, const std::string& stage) {
  TaskGraph graph;
  graph.tasks.resize(2);
  TaskNode& training = graph.tasks[0];
  training.stage = stage;
  training.key = model.key;
  training.extents = {model.extent};
  training.dependents = {1};
  TaskNode& task = graph.tasks[1];
  task.stage = "export";
  task.params = std::make_shared<const Json>(with_arithmetic({{"part", "encoder"}, {"format", "torchscript"}}));
  task.inputs = {{"model", 0, model.extent}};
  task.extents = task.missing = {0};
  task.key = task_identity(graph, task).key;
  return graph;
}

}  // namespace latentgrid
