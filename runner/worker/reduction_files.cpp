#include "worker/reduction_files.hpp"

#include <charconv>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "store/npy.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

constexpr double checkpoint_interval_s = 10;

void write_matrix(const fs::path& path, const MatrixRf& matrix) {
  write_npy(path, std::span<const float>(matrix.data(), matrix.size()), {matrix.rows(), matrix.cols()});
}

MatrixRf read_matrix(const fs::path& path) {
  const NpyFile file(path);
  return ConstMatrixRef(file.floats().data(), file.header().shape[0], file.header().shape[1]);
}

std::vector<std::int64_t> numbered_folders(const fs::path& folder) {
  std::vector<std::int64_t> found;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) found.push_back(number);
  }
  return found;
}

}  // namespace

void write_snapshot(const ReductionSnapshot& snapshot, const fs::path& folder) {
  write_matrix(folder / "embedding.npy", snapshot.embedding);
  for (const auto& [name, matrix] : snapshot.matrices) write_matrix(folder / (name + ".npy"), matrix);
  for (const auto& [name, vector] : snapshot.vectors) {
    write_npy(folder / (name + ".npy"), std::span<const float>(vector.data(), vector.size()), {vector.size()});
  }
  if (!snapshot.state.is_null()) write_file_atomically(folder / "state.json", snapshot.state.dump(1) + "\n");
}

ReductionSnapshot read_snapshot(const fs::path& folder) {
  ReductionSnapshot out;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".npy") continue;
    const std::string name = entry.path().stem().string();
    (name == "embedding" ? out.embedding : out.matrices[name]) = read_matrix(entry.path());
  }
  out.state = Json::parse(read_file(folder / "state.json"));
  return out;
}

RollingCheckpoint::RollingCheckpoint(const TaskContext& context)
    : context_(context), last_(system_clock().monotonic_seconds()) {}

void RollingCheckpoint::write(Reduction& reduction) {
  const fs::path parent = context_.store().partial(context_.task().key);
  const fs::path staged = context_.store().new_staging_folder();
  write_snapshot(reduction.checkpoint(), staged);
  if (!publish_folder(staged, parent / std::to_string(reduction.reached()))) fs::remove_all(staged);
  for (std::int64_t older : numbered_folders(parent)) {
    if (older != reduction.reached()) fs::remove_all(parent / std::to_string(older));
  }
  last_ = system_clock().monotonic_seconds();
}

void RollingCheckpoint::write_if_due(Reduction& reduction) {
  if (system_clock().monotonic_seconds() - last_ >= checkpoint_interval_s) write(reduction);
}

void RollingCheckpoint::remove() const { fs::remove_all(context_.store().partial(context_.task().key)); }

std::optional<ReductionSnapshot> latest_snapshot(const TaskContext& context, std::int64_t after, std::int64_t until) {
  const ArtifactStore& store = context.store();
  const std::string& key = context.task().key;
  fs::path folder;
  auto offer = [&](std::int64_t extent, const fs::path& place) {
    if (extent <= after || extent > until) return;
    after = extent;
    folder = place;
  };
  for (std::int64_t extent : store.extents("reduce", key)) offer(extent, store.folder("reduce", {key, extent}));
  for (std::int64_t extent : numbered_folders(store.partial(key))) offer(extent, store.partial(key) / std::to_string(extent));
  if (folder.empty()) return std::nullopt;
  return read_snapshot(folder);
}

}  // namespace latentgrid::worker
