#include <vector>

#include "methods/artifact_files.hpp"
#include "nn/reconstruction.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

void run_reconstruct(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const ImagesInput images(context);
  const std::vector<std::int64_t> chosen = chosen_images(task, images.view(), "reconstruct");
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
