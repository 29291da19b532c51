#include "run/gpu_slots.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "pool/local_gpus.hpp"

namespace latentgrid {
namespace {

TaskNode task_of(bool on_gpu, int gpu = -1) {
  TaskNode task;
  task.on_gpu = on_gpu;
  task.gpu = gpu;
  task.extents = task.missing = {0};
  return task;
}

TEST(GpuSlots, TheEmptiestGpuIsTakenAndGivenBack) {
  GpuSlots slots({2, 2});
  EXPECT_EQ(slots.take(0, task_of(true)), "cuda:0");
  EXPECT_EQ(slots.take(1, task_of(true)), "cuda:1");
  EXPECT_EQ(slots.take(2, task_of(false)), "");
  EXPECT_EQ(slots.take(3, task_of(true, 1)), "cuda:1");
  EXPECT_EQ(slots.free(), (std::vector<int>{1, 0}));
  EXPECT_EQ(slots.count(), 4);
  slots.give_back(1);
  slots.give_back(2);
  slots.give_back(1);
  EXPECT_EQ(slots.free(), (std::vector<int>{1, 1}));
}

std::string refusal(const TaskNode& task, int gpus) {
  TaskGraph graph;
  graph.tasks = {task};
  try {
    require_gpus(graph, gpus, why_no_gpu_here());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(RequireGpus, OnlyOfWhatIsStillToBeDoneOnOne) {
  EXPECT_EQ(refusal(task_of(false), 0), "");
  EXPECT_EQ(refusal(task_of(true), 1), "");
  EXPECT_EQ(refusal(task_of(true, 1), 2), "");
  TaskNode done = task_of(true);
  done.missing = {};
  EXPECT_EQ(refusal(done, 0), "");
}

TEST(RequireGpus, SaysWhatIsMissing) {
  if (!built_with_cuda()) {
    EXPECT_EQ(refusal(task_of(true), 0),
              "the sweep says device: cuda, and this program was built with a LibTorch without CUDA\n"
              "  hint: build with one that has it (docs/gpu.md), or write device: auto or cpu");
    return;
  }
  EXPECT_EQ(refusal(task_of(true), 0),
            "the sweep says device: cuda, and there is no NVIDIA GPU here (no /dev/nvidia0, or CUDA_VISIBLE_DEVICES "
            "hides it)\n"
            "  hint: device: auto takes a GPU only where there is one");
  EXPECT_EQ(
      refusal(task_of(true, 2), 1),
      "the sweep says device: cuda:2, and there is 1 GPU here, counted from 0\n  hint: device: cuda takes any of them");
}

}  // namespace
}  // namespace latentgrid
