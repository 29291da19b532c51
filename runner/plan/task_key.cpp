#include "plan/task_key.hpp"

#include <fmt/format.h>

#include <utility>

#include "methods/stages.hpp"

namespace latentgrid {

Json with_arithmetic(Json params, const Json& training) {
  params["device"] = training.value("device", "cpu");
  params["precision"] = training.value("precision", "float32");
  params["convolution"] = training.value("convolution", "winograd");
  params["memory_format"] = "channels_last";  // the only one; keys have it from the time when it could be chosen
  return with_portability(std::move(params), is_portable(training));
}

Json with_portability(Json params, bool portable) {
  if (portable) params[arithmetic_parameter] = portable_arithmetic;
  return params;
}

KeyBuilder begin_task_key(std::string_view stage, const Json& params, KeyBuilder::Transcript transcript) {
  KeyBuilder key(transcript);
  key.add_text("stage", stage).add_integer("version", task_version(stage, params)).add("params", params);
  return key;
}

void end_task_key(KeyBuilder& key, const TaskGraph& graph, const TaskNode& task, bool seeded, bool threaded) {
  for (const TaskInput& input : task.inputs) {
    if (!input.hashed) continue;
    const std::string name = fmt::format("input.{}", input.name);
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
