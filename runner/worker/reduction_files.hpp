#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "reduce/reduction.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// A snapshot as files: embedding.npy, one .npy for each matrix and vector, state.json where a run can go on from it.
void write_snapshot(const ReductionSnapshot& snapshot, const std::filesystem::path& folder);

// What resume() needs of it: embedding, matrices and state.
ReductionSnapshot read_snapshot(const std::filesystem::path& folder);

// The rolling checkpoint of a reduction: partial/<key>/<extent reached>, replaced as a whole.
class RollingCheckpoint {
 public:
  explicit RollingCheckpoint(const TaskContext& context);

  void write(Reduction& reduction);
  void write_if_due(Reduction& reduction);  // about every 10 s
  void remove() const;

 private:
  const TaskContext& context_;
  double last_;
};

// The snapshot with the largest extent in (after, until], among published artifacts and the rolling checkpoint.
std::optional<ReductionSnapshot> latest_snapshot(const TaskContext& context, std::int64_t after, std::int64_t until);

}  // namespace latentgrid::worker
