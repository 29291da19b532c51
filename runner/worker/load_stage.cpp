#include "data/dataset.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

void run_load(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists("load", {task.key, 0})) return;
  const Json& dataset = task.sources.at("dataset");
  ImageSet images = load_images(DatasetSource::from_json(dataset),
                                [&](std::int64_t done, std::int64_t total) { context.progress(done, total); });
  if (images.identity != task.params) {
    throw TaskError("input", "the images of dataset '" + dataset.value("name", "") +
                                 "' have changed since the run was planned; run the sweep again");
  }
  context.progress(images.count, images.count);
  auto staged = context.new_staging_folder();
  write_npy(staged / images_file, std::span<const std::uint8_t>(images.pixels),
            {images.count, images.height, images.width, images.channels});
  context.publish(0, staged, {{"images", images.count}}, {{"height", images.height},
                                                          {"width", images.width},
                                                          {"channels", images.channels}});
}

}  // namespace latentgrid::worker
