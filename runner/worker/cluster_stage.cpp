#include <algorithm>
#include <set>

#include "cluster/clustering.hpp"
#include "methods/methods.hpp"
#include "store/npy.hpp"
#include "worker/points.hpp"
#include "worker/task_services.hpp"

namespace latentgrid::worker {

void run_cluster(TaskContext& context) {
  const protocol::Run& task = context.task();
  const Points points(context);
  TaskServices services(context);
  const ClusteringResult result =
      run_clustering(task.params.at("method").get<std::string>(),
                     {.points = points.matrix(),
                      .params = task.params,
                      .seed = task.seed,
                      .threads = context.threads(),
                      .progress = [&](std::int64_t done, std::int64_t total) { context.progress(done, total); },
                      .services = &services});
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / "clusters.npy", std::span<const std::int32_t>(result.clusters),
            {static_cast<std::int64_t>(result.clusters.size())});
  Json metrics = result.metrics;
  std::set<std::int32_t> found(result.clusters.begin(), result.clusters.end());
  found.erase(-1);
  metrics["clusters_found"] = found.size();
  if (find_method(MethodKind::clustering, task.params.at("method").get<std::string>())->has_noise) {
    const auto noise = std::count(result.clusters.begin(), result.clusters.end(), -1);
    metrics["noise"] = static_cast<double>(noise) / static_cast<double>(result.clusters.size());
  }
  context.publish(0, staged, metrics, result.record);
}

}  // namespace latentgrid::worker
