#include "worker/cluster_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "base/noise_cluster.hpp"
#include "methods/artifact_files.hpp"
#include "methods/stages.hpp"
#include "store/npy.hpp"
#include "worker/points.hpp"
#include "worker/task_services.hpp"

namespace latentgrid::worker {

namespace {

void publish(TaskContext& context, const ClusteringResult& result, const MethodSpec& method, std::int64_t extent) {
  const std::filesystem::path staged = context.new_staging_folder();
  write_npy(staged / clusters_file, std::span<const std::int32_t>(result.clusters),
            {static_cast<std::int64_t>(result.clusters.size())});
  Json metrics = result.metrics;
  std::set<std::int32_t> found(result.clusters.begin(), result.clusters.end());
  found.erase(noise_cluster);
  metrics["clusters_found"] = found.size();
  if (method.has_noise) {
    const auto noise = std::count(result.clusters.begin(), result.clusters.end(), noise_cluster);
    metrics["noise"] = static_cast<double>(noise) / static_cast<double>(result.clusters.size());
  }
  context.publish(extent, staged, metrics, result.record);
}

}  // namespace

void check_clusters(const ClusteringResult& result, const MethodSpec& method, const Json& params, std::int64_t images) {
  auto wrong = [&](const std::string& what) { return TaskError("internal", fmt::format("clustering '{}' {}", method.name, what)); };
  const auto count = static_cast<std::int64_t>(result.clusters.size());
  if (count != images) throw wrong(fmt::format("returned clusters of {} images, and there are {}", count, images));
  const std::int64_t asked = params.value("k", std::int64_t{0}), k = asked > 0 ? asked : images;
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
  std::vector<std::int64_t> missing;
  std::copy_if(task.extents.begin(), task.extents.end(), std::back_inserter(missing),
               [&](std::int64_t extent) { return !context.store().exists(task.stage, {task.key, extent}); });
  if (missing.empty()) return;
  const Points points(context);
  TaskServices services(context);
  const MethodSpec& method = *method_of(task.stage, task.params);
  std::optional<NpyFile> heads;
  if (method.by_heads) heads.emplace(context.input("points") / heads_file);
  const std::vector<ClusteringResult> results =
      run_clustering(method.name, {.points = points.matrix(),
                                   .params = task.params,
                                   .seed = task.seed,
                                   .threads = context.threads(),
                                   .progress = [&](std::int64_t done, std::int64_t total) { context.progress(done, total); },
                                   .services = &services,
                                   .heads = heads ? heads->int32s() : std::span<const std::int32_t>(),
                                   .extents = missing});
  for (std::size_t i = 0; i < missing.size(); ++i) {
    Json params = task.params;
    if (method.extent) params[method.extent->parameter] = missing[i];
    check_clusters(results.at(i), method, params, points.matrix().rows());
    publish(context, results[i], method, missing[i]);
  }
}

}  // namespace latentgrid::worker
