#include "worker/task_services.hpp"

#include <algorithm>
#include <utility>

#include "methods/artifact_files.hpp"
#include "methods/stages.hpp"
#include "store/npy.hpp"
#include "store/npy_array.hpp"
#include "worker/artifact_check.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

constexpr const char* stage = "neighbors";

Neighbors read(const std::filesystem::path& folder, std::int64_t count, std::int64_t known) {
  const NpyFile indices(folder / neighbor_indices_file), distances(folder / neighbor_distances_file);
  Neighbors out{.count = count, .k = known};
  out.indices.assign(indices.int32s().begin(), indices.int32s().end());
  out.distances.assign(distances.floats().begin(), distances.floats().end());
  return out;
}

void publish(const TaskContext& context, const std::string& key, const Neighbors& neighbors) {
  const std::filesystem::path staged = context.store().new_staging_folder();
  write_npy(staged / neighbor_indices_file, std::span<const std::int32_t>(neighbors.indices), {neighbors.count, neighbors.k});
  write_npy(staged / neighbor_distances_file, std::span<const float>(neighbors.distances), {neighbors.count, neighbors.k});
  check_files(staged, stage, Json::object());
  const ArtifactId id = {key, neighbors.k};
  if (context.store().exists(stage, id) && context.store().damage(stage, id)) context.store().remove(stage, id);
  context.store().publish(staged, stage, id,
                          {{"metrics", Json::object()}, {"record", {{"search", "exact"}}}});
}

std::map<std::string, Array> read_arrays(const std::filesystem::path& folder) {
  std::map<std::string, Array> arrays;
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".npy") arrays[entry.path().stem().string()] = read_array(entry.path());
  }
  return arrays;
}

}  // namespace

Neighbors TaskServices::neighbors(ConstMatrixRef points, std::int64_t k, int) {
  const auto& [points_stage, artifact] = context_.task().inputs.at("points");
  const std::string key = cache_key(find_stage(stage), points_stage, artifact.key, artifact.extent);
  for (std::int64_t known : context_.store().extents(stage, key)) {
    if (known >= k) return read(context_.store().folder(stage, {key, known}), points.rows(), known).first(k);
  }
  Neighbors found = nearest_neighbors(points, k, context_.threads());
  publish(context_, key, found);
  return found;
}

Intermediate TaskServices::intermediate(std::string_view name, const Json& identity, const std::function<Intermediate()>& make) {
  const ArtifactStore& store = context_.store();
  const auto& [points_stage, points] = context_.task().inputs.at("points");
  const std::string cache(name);
  const ArtifactId id = {cache_key(find_stage(name), points_stage, points.key, points.extent), cache_extent(identity)};
  if (store.exists(cache, id)) {
    if (store.damage(cache, id)) {
      store.remove(cache, id);
    } else if (Json record = store.read_record(cache, id).at("record"); record.at("identity") == identity) {
      return {read_arrays(store.folder(cache, id)), std::move(record)};
    } else {
      return make();  // two identities of one digest: nobody has seen that yet
    }
  }
  Intermediate made = make();
  const std::filesystem::path staged = store.new_staging_folder();
  for (const auto& [file, array] : made.arrays) write_npy(staged / (file + ".npy"), array);
  check_files(staged, cache, Json::object());
  Json record = made.record;
  record["identity"] = identity;
  store.publish(staged, cache, id, {{"metrics", Json::object()}, {"record", std::move(record)}});
  return made;
}

Kernel TaskServices::kernel(std::string_view name) {
  const std::string& device = context_.task().device;
  if (device.empty()) return {};
  return [name = std::string(name), &device](const MatrixRf& input) { return torch_module().run_kernel(name, input, device); };
}

std::string TaskServices::device() const { return context_.task().device; }

}  // namespace latentgrid::worker
