#include <fmt/format.h>

#include <vector>

#include "methods/artifact_files.hpp"
#include "nn/generation.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

// [[3, 17], [5, 8]] as 3, 17, 5, 8.
std::vector<std::int64_t> ends_of(const protocol::Run& task, std::int64_t count) {
  std::vector<std::int64_t> ends;
  for (const Json& pair : task.params.at("pairs")) {
    for (const std::int64_t index : {pair.at(0).get<std::int64_t>(), pair.at(1).get<std::int64_t>()}) {
      if (index < 0 || index >= count)
        throw TaskError("parameter", fmt::format("there is no image {}: the data set has {}, counted from 0", index, count));
      ends.push_back(index);
    }
  }
  if (ends.empty()) throw TaskError("parameter", "there are no images to interpolate between: the list of pairs is empty");
  return ends;
}

}  // namespace

void run_interpolate(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const auto steps = task.params.at("steps").get<std::int64_t>();
  if (steps < 2) throw TaskError("parameter", fmt::format("an interpolation has two steps or more, not {}", steps));
  const ImagesInput images(context);
  const std::vector<std::int64_t> ends = ends_of(task, images.view().count);
  const std::int64_t pairs = static_cast<std::int64_t>(ends.size()) / 2;
  const nn::GeneratedImages result =
      torch_module().interpolate_images(context.input("model"), images.view(), ends, steps, arithmetic_of(task),
                                        [&](std::int64_t done) { context.progress(done, pairs * steps); });
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / originals_file, std::span<const std::uint8_t>(pixels_of(images.view(), ends)),
            {pairs, 2, result.height, result.width, result.channels});
  write_npy(staged / interpolations_file, std::span<const float>(result.values), {pairs, steps, result.height, result.width, result.channels});
  Json record = {{"pairs", task.params.at("pairs")}};
  put_range(record, result.range);
  context.publish(0, staged, Json::object(), record);
}

}  // namespace latentgrid::worker
