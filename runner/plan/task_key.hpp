#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/key.hpp"
#include "methods/stages.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// What changes the floats of training and of applying a model, besides threads, added to a stage's parameters: as in a
// job's complete training parameters, or in float32 on the CPU.
Json with_arithmetic(Json params, const Json& training = Json::object());
// Nothing where it is not, as in keys older than that.
Json with_portability(Json params, bool portable);

// A task's key begins with what many tasks have in common and ends with its own inputs and seed.
KeyBuilder begin_task_key(std::string_view stage, const Json& params, KeyBuilder::Transcript transcript);
void end_task_key(KeyBuilder& key, const TaskGraph& graph, const TaskNode& task, bool seeded, bool threaded);

struct TaskIdentity {
  std::string key;
  std::string transcript;
};

// SHA-256 over stage, stage version, params, inputs (key, extent), seed and threads; extents of the task itself stay
// out.
TaskIdentity task_identity(const TaskGraph& graph, const TaskNode& task);

}  // namespace latentgrid
