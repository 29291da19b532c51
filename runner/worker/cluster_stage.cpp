#include "worker/cluster_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/noise_cluster.hpp"
#include "methods/methods.hpp"
#include "store/npy.hpp"
#include "worker/points.hpp"
#include "worker/task_services.hpp"

namespace latentgrid::worker {

void check_clusters(const ClusteringResult& result, const MethodSpec& method, const Json& params, std::int64_t images) {
  auto wrong = [&](const std::string& what) { return TaskError("internal", fmt::format("clustering '{}' {}", method.name, what)); };
  const auto count = static_cast<std::int64_t>(result.clusters.size());
  if (count != images) throw wrong(fmt::format("returned clusters of {} images, and there are {}", count, images));
  const std::int64_t k = params.value("k", images);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t cluster = result.clusters[i];
    if (cluster == noise_cluster && !method.has_noise) {
      throw wrong(fmt::format("left image {} out of every cluster, but its descriptor does not say has_noise", i));
    }
    if (cluster < noise_cluster || cluster >= k) {
      throw wrong(fmt::format("put image {} into cluster {}, but its clusters are 0 to {}", i, cluster, k - 1));
    }
  }
}

void run_cluster(TaskContext& context) {
  const protocol::Run& task = context.task();
  const Points points(context);
  TaskServices services(context);
  const std::string name = task.params.at("method");
  const ClusteringResult result =
      run_clustering(name, {.points = points.matrix(),
                            .params = task.params,
                            .seed = task.seed,
                            .threads = context.threads(),
                            .progress = [&](std::int64_t done, std::int64_t total) { context.progress(done, total); },
                            .services = &services});
  const MethodSpec& method = *find_method(MethodKind::clustering, name);
  check_clusters(result, method, task.params, points.matrix().rows());
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / "clusters.npy", std::span<const std::int32_t>(result.clusters),
            {static_cast<std::int64_t>(result.clusters.size())});
  Json metrics = result.metrics;
  std::set<std::int32_t> found(result.clusters.begin(), result.clusters.end());
  found.erase(noise_cluster);
  metrics["clusters_found"] = found.size();
  if (method.has_noise) {
    const auto noise = std::count(result.clusters.begin(), result.clusters.end(), noise_cluster);
    metrics["noise"] = static_cast<double>(noise) / static_cast<double>(result.clusters.size());
  }
  context.publish(0, staged, metrics, result.record);
}

}  // namespace latentgrid::worker
