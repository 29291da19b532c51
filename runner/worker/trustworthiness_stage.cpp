#include "neighbors/trustworthiness.hpp"

#include <fmt/format.h>

#include "worker/points.hpp"

namespace latentgrid::worker {

void run_trustworthiness(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const Points points(context), embedding(context, "embedding");
  const auto neighbors = task.params.at("neighbors").get<std::int64_t>();
  const std::int64_t images = points.matrix().rows(), embedded = embedding.matrix().rows();
  if (images != embedded) {
    throw TaskError("input", fmt::format("the points are {} images, the embedding has {}", images, embedded));
  }
  if (neighbors < 1) throw TaskError("parameter", fmt::format("neighbors must be at least 1, not {}", neighbors));
  if (images <= 2 * neighbors) {
    throw TaskError("parameter",
                    fmt::format("the trustworthiness of {} neighbors is defined for more than {} images, these are {}",
                                neighbors, 2 * neighbors, images));
  }
  context.progress(0, images);
  const double value = trustworthiness(points.matrix(), embedding.matrix(), neighbors, context.threads());
  context.publish(0, context.new_staging_folder(), {{"trustworthiness", value}},
                  {{"neighbors", neighbors}, {"images", images}});
}

}  // namespace latentgrid::worker
