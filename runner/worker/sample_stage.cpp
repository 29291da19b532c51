#include <fmt/format.h>

#include "methods/artifact_files.hpp"
#include "nn/generation.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

void run_sample(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const auto count = task.params.at("count").get<std::int64_t>();
  if (count < 1) throw TaskError("parameter", fmt::format("there is one sample or more, not {}", count));
  const nn::GeneratedImages result = torch_module().sample_images(context.input("model"), count, task.seed, arithmetic_of(task),
                                                                  [&](std::int64_t done) { context.progress(done, count); });
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / samples_file, std::span<const float>(result.values), {count, result.height, result.width, result.channels});
  Json record = {{"count", count}};
  put_range(record, result.range);
  context.publish(0, staged, Json::object(), record);
}

}  // namespace latentgrid::worker
