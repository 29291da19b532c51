#include "run/gpu_slots.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace latentgrid {

std::string GpuSlots::take(int task, const TaskNode& node) {
  if (!node.on_gpu) return "";
  const int gpu =
      node.gpu >= 0 ? node.gpu : static_cast<int>(std::max_element(free_.begin(), free_.end()) - free_.begin());
  --free_.at(static_cast<std::size_t>(gpu));
  gpu_of_task_[task] = gpu;
  return fmt::format("cuda:{}", gpu);
}

void GpuSlots::give_back(int task) {
  auto found = gpu_of_task_.find(task);
  if (found == gpu_of_task_.end()) return;
  ++free_[static_cast<std::size_t>(found->second)];
  gpu_of_task_.erase(found);
}

void require_gpus(const TaskGraph& graph, int gpus, const std::string& why_none) {
  for (const TaskNode& task : graph.tasks) {
    if (!task.on_gpu || task.complete() || std::max(task.gpu, 0) < gpus) continue;
    if (gpus == 0) throw Error("the sweep says device: cuda, and " + why_none);
    throw Error(
        fmt::format("the sweep says device: cuda:{}, and there {} here, counted from 0\n"
                    "  hint: device: cuda takes any of them",
                    task.gpu, gpus == 1 ? "is 1 GPU" : fmt::format("are {} GPUs", gpus)));
  }
}

}  // namespace latentgrid
