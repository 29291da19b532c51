#include "plan/task_key.hpp"

#include "methods/methods.hpp"

namespace latentgrid {

namespace {

std::string method_of(std::string_view stage, const Json& params) {
  return stage == "reduce" || stage == "cluster" ? params.at("method").get<std::string>() : "";
}

}  // namespace

bool draws_random_numbers(std::string_view stage, const Json& params) {
  const std::string method = method_of(stage, params);
  if (stage == "reduce") return find_method(MethodKind::reduction, method)->draws_random_numbers(params);
  if (stage == "cluster") return find_method(MethodKind::clustering, method)->draws_random_numbers(params);
  return stage == "train";
}

bool runs_on_gpu(const Json& params) {
  return params.is_object() && params.value("device", "cpu") != "cpu";
}

bool goes_through_blas(std::string_view stage, const Json& params) {
  if (runs_on_gpu(params)) return false;
  if (stage == "encode") return params.at("method") != "raw";
  return stage == "train" || stage == "reconstruct" || method_of(stage, params) == "pca";
}

Json with_arithmetic(Json params, const Json& training) {
  params["device"] = training.value("device", "cpu");
  params["precision"] = training.value("precision", "float32");
  params["convolution"] = training.value("convolution", "winograd");
  params["memory_format"] = training.value("memory_format", "channels_last");
  return params;
}

KeyBuilder begin_task_key(std::string_view stage, const Json& params, KeyBuilder::Transcript transcript) {
  KeyBuilder key(transcript);
  key.add_text("stage", stage).add_integer("version", stage_version(stage)).add("params", params);
  return key;
}

void end_task_key(KeyBuilder& key, const TaskGraph& graph, const TaskNode& task, bool seeded, bool threaded) {
  for (const TaskInput& input : task.inputs) {
    const std::string name = "input." + input.name;
    key.add_map(name, 2)
        .add_integer(name + ".extent", input.extent)
        .add_text(name + ".key", graph.tasks[input.task].key);
  }
  seeded ? key.add_integer("seed", task.seed) : key.add("seed", nullptr);
  threaded ? key.add_integer("threads", task.threads) : key.add("threads", nullptr);
}

TaskIdentity task_identity(const TaskGraph& graph, const TaskNode& task) {
  KeyBuilder key = begin_task_key(task.stage, *task.params, KeyBuilder::Transcript::keep);
  end_task_key(key, graph, task, draws_random_numbers(task.stage, *task.params),
               goes_through_blas(task.stage, *task.params));
  std::string hex = key.key();
  return {hex, key.transcript()};
}

}  // namespace latentgrid
