#include "worker/reduction_files.hpp"

#include <algorithm>
#include <exception>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy_array.hpp"
#include "worker/rolling_checkpoint.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

constexpr double checkpoint_interval_s = 10;

ReductionSnapshot read_snapshot(const fs::path& folder) {
  ReductionSnapshot out;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".npy") continue;
    Array array = read_array(entry.path());
    if (entry.path().filename() == embedding_file) {
      out.embedding = array.matrix();
    } else {
      out.arrays[entry.path().stem().string()] = std::move(array);
    }
  }
  out.state = Json::parse(read_file(folder / state_file)).at("state");
  return out;
}

// The rolling checkpoint, if it reaches further than `after`. One that cannot be read only costs time.
std::optional<SavedSnapshot> rolling_snapshot(const TaskContext& context, std::int64_t after, std::int64_t until) {
  const auto partial = find_partial(context.store(), context.task().key);
  if (!partial) return std::nullopt;
  try {
    const std::int64_t extent = Json::parse(read_file(partial->folder() / state_file)).at("extent");
    if (extent <= after || extent > until) return std::nullopt;
    return SavedSnapshot{read_snapshot(partial->folder()), partial->usage()};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

void write_snapshot(const ReductionSnapshot& snapshot, std::int64_t extent, const fs::path& folder) {
  write_npy(folder / embedding_file, Array::of(snapshot.embedding));
  for (const auto& [name, array] : snapshot.arrays) write_npy(folder / (name + ".npy"), array);
  if (snapshot.state.is_null()) return;
  const Json state = {{"extent", extent}, {"state", snapshot.state}};
  write_file_atomically(folder / state_file, state.dump(1) + "\n");
}

std::optional<SavedSnapshot> latest_snapshot(const TaskContext& context, std::int64_t after, std::int64_t until) {
  const ArtifactStore& store = context.store();
  const std::string& key = context.task().key;
  std::int64_t published = after;
  for (std::int64_t extent : store.extents("reduce", key)) {
    if (extent <= until) published = std::max(published, extent);
  }
  if (auto rolling = rolling_snapshot(context, published, until)) return rolling;
  if (published == after) return std::nullopt;
  const ArtifactId id{key, published};
  return SavedSnapshot{read_snapshot(store.folder("reduce", id)),
                       usage_from_json(store.read_record("reduce", id).at("usage"))};
}

ReductionCheckpoint::ReductionCheckpoint(const TaskContext& context)
    : context_(context), last_(system_clock().monotonic_seconds()) {}

void ReductionCheckpoint::write(Reduction& reduction) {
  const fs::path staged = context_.store().new_staging_folder();
  write_snapshot(reduction.checkpoint(), reduction.reached(), staged);
  replace_partial(context_.store(), context_.task().key, staged, context_.usage());
  last_ = system_clock().monotonic_seconds();
}

void ReductionCheckpoint::write_if_due(Reduction& reduction) {
  if (system_clock().monotonic_seconds() - last_ >= checkpoint_interval_s) write(reduction);
}

}  // namespace latentgrid::worker
