#pragma once

#include "neighbors/services.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// Of a task whose input "points" the method works on. Neighbors come from any artifact that knows enough of them; otherwise they
// are searched for and the result is published as an artifact of stage "neighbors" with extent k, under a key made of the
// points' (key, extent) alone: all tasks on the same points share it. Kernels compute on the GPU that the task was given.
class TaskServices : public Services {
 public:
  explicit TaskServices(const TaskContext& context) : context_(context) {}

  Neighbors neighbors(ConstMatrixRef points, std::int64_t k, int threads) override;
  // An artifact of stage `name`, known by the points and by cache_extent() of the identity; its record has both.
  Intermediate intermediate(std::string_view name, const Json& identity, const std::function<Intermediate()>& make) override;
  Kernel kernel(std::string_view name) override;
  std::string device() const override;

 private:
  const TaskContext& context_;
};

}  // namespace latentgrid::worker
