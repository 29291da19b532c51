#include <algorithm>
#include <utility>
#include <vector>

#include "augment/augmentation.hpp"
#include "base/clock.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "store/npy.hpp"
#include "worker/images_input.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// Some images in some views, each [epoch, view] of a training with these steps and this seed, before they are scaled to the model's range.
void run_augment(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const ImagesInput input(context);
  const ImageView& images = input.view();
  const std::vector<std::int64_t> chosen = chosen_images(task, images, "augment");
  const auto views = task.params.at("views").get<std::vector<std::pair<std::int64_t, int>>>();
  if (views.empty()) throw TaskError("parameter", "there is no view to make: the list is empty");
  const Augmentation augmentation(task.params.at(augment_parameter), task.seed);
  const auto count = static_cast<std::int64_t>(chosen.size()), all = static_cast<std::int64_t>(views.size());
  const auto values = static_cast<std::size_t>(images.height * images.width * images.channels);
  std::vector<float> made(chosen.size() * values), by_image(chosen.size() * views.size() * values);
  double seconds = 0;  // without what files take, which a training doesn't read or write
  for (std::size_t v = 0; v < views.size(); ++v) {
    const double begun = system_clock().monotonic_seconds();
    augmentation.apply(images, chosen, views[v].first, views[v].second, PixelRange::zero_to_one, made.data(), context.threads());
    seconds += system_clock().monotonic_seconds() - begun;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      std::copy_n(made.data() + i * values, values, by_image.data() + (i * views.size() + v) * values);
    }
    context.progress(static_cast<std::int64_t>(v) + 1, all);
  }
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / originals_file, std::span<const std::uint8_t>(pixels_of(images, chosen)),
            {count, images.height, images.width, images.channels});
  write_npy(staged / views_file, std::span<const float>(by_image), {count, all, images.height, images.width, images.channels});
  context.publish(0, staged, Json::object(), {{"images", chosen}, {"augmenting_s", seconds}});
}

}  // namespace latentgrid::worker
