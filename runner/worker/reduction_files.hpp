#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "reduce/reduction.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// A snapshot as files: embedding.npy, one .npy for each other array, state.json where a run can go on from it.
void write_snapshot(const ReductionSnapshot& snapshot, std::int64_t extent, const std::filesystem::path& folder);

struct SavedSnapshot {
  ReductionSnapshot snapshot;
  Usage usage;  // what it took to get there
};

// What resume() needs of the snapshot with the largest extent in (after, until], among published artifacts and the
// rolling checkpoint.
std::optional<SavedSnapshot> latest_snapshot(const TaskContext& context, std::int64_t after, std::int64_t until);

// Keeps the rolling checkpoint of a reduction up to date.
class ReductionCheckpoint {
 public:
  explicit ReductionCheckpoint(const TaskContext& context);

  void write(Reduction& reduction);
  void write_if_due(Reduction& reduction);  // about every 10 s

 private:
  const TaskContext& context_;
  double last_;  // monotonic seconds
};

}  // namespace latentgrid::worker
