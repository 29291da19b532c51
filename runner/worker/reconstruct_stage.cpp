#include <fmt/format.h>

#include <vector>

#include "methods/artifact_files.hpp"
#include "nn/reconstruction.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

std::vector<std::int64_t> chosen_images(const protocol::Run& task, std::int64_t count) {
  const auto chosen = task.params.at("images").get<std::vector<std::int64_t>>();
  if (chosen.empty()) throw TaskError("parameter", "there is no image to reconstruct: the list is empty");
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] < 0 || chosen[i] >= count) {
      throw TaskError("parameter",
                      fmt::format("there is no image {}: the data set has {}, counted from 0", chosen[i], count));
    }
    if (i > 0 && chosen[i] <= chosen[i - 1]) {
      throw TaskError("parameter", fmt::format("images to reconstruct must be distinct and ascending: {} follows {}",
                                               chosen[i], chosen[i - 1]));
    }
  }
  return chosen;
}

}  // namespace

void run_reconstruct(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const ImagesInput images(context);
  const std::vector<std::int64_t> chosen = chosen_images(task, images.view().count);
  const auto count = static_cast<std::int64_t>(chosen.size());
  const nn::Reconstruction result =
      torch_module().reconstruct_images(context.input("model"), images.view(), chosen, arithmetic_of(task),
                                        [&](std::int64_t done) { context.progress(done, count); });
  const std::filesystem::path staged = context.new_staging_folder();
  const std::vector<std::int64_t> shape{count, result.height, result.width, result.channels};
  write_npy(staged / originals_file, std::span<const std::uint8_t>(result.originals), shape);
  write_npy(staged / reconstructions_file, std::span<const float>(result.reconstructions), shape);
  write_npy(staged / errors_file, std::span<const float>(result.errors), {count});
  Json record = {{"images", chosen}};
  put_range(record, result.range);
  context.publish(0, staged, Json::object(), record);
}

}  // namespace latentgrid::worker
