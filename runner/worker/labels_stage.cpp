#include <fmt/format.h>

#include "data/identity.hpp"
#include "data/image_labels.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

void run_labels(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists("labels", {task.key, 0})) return;
  const DatasetSource source = DatasetSource::from_json(task.sources.at("dataset"));
  const ImageLabels images(source);
  const Json& params = task.params;
  const bool labelled = !params.at("labels").is_null();
  if ((labelled && identity_of_labels(images.labels) != params["labels"]) || identity_of_split(images.is_public) != params.at("split") ||
      images.images.identity() != params.at("selection")) {
    throw TaskError("input", fmt::format("the labels, the split or the image files of dataset '{}' have changed since the run was planned; run the sweep again",
                                         source.name));
  }
  const std::filesystem::path staged = context.new_staging_folder();
  images.write(staged);
  context.publish(0, staged, Json::object(), {{"images", images.labels.size()}});
}

}  // namespace latentgrid::worker
