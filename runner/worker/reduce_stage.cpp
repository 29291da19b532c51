#include "worker/points.hpp"
#include "worker/reduction_files.hpp"
#include "worker/rolling_checkpoint.hpp"
#include "worker/task_services.hpp"

namespace latentgrid::worker {

namespace {

// Brings `reduction` to `extent`, from the nearest snapshot if there is one.
void advance(TaskContext& context, Reduction& reduction, ReductionCheckpoint& checkpoint, std::int64_t extent) {
  if (reduction.can_resume()) {
    if (auto saved = latest_snapshot(context, reduction.reached(), extent)) {
      reduction.resume(saved->snapshot);
      context.continue_from(saved->usage);
    }
  }
  const std::int64_t last = context.task().extents.back();
  auto progress = [&](std::int64_t done, std::int64_t total) {
    if (!reduction.can_resume()) return context.progress(done, total);
    checkpoint.write_if_due(reduction);
    context.progress(done, last);
    reduction.set_threads(context.threads());
  };
  reduction.set_threads(std::max(1, context.threads()));
  try {
    reduction.run_until(extent, progress);
  } catch (const Interrupted&) {
    if (reduction.can_resume()) checkpoint.write(reduction);
    throw;
  } catch (const DivergedError& error) {
    throw TaskError("diverged", error.what());
  }
}

}  // namespace

void run_reduce(TaskContext& context) {
  const protocol::Run& task = context.task();
  const Points points(context);
  TaskServices services(context);
  const std::unique_ptr<Reduction> reduction =
      make_reduction(task.params.at("method").get<std::string>(),
                     {.points = points.matrix(),
                      .params = task.params,
                      .seed = task.seed,
                      .threads = static_cast<int>(task.threads),
                      .services = &services});
  ReductionCheckpoint checkpoint(context);
  for (std::int64_t extent : task.extents) {
    if (context.store().exists(task.stage, {task.key, extent})) continue;
    advance(context, *reduction, checkpoint, extent);
    const ReductionSnapshot snapshot = reduction->snapshot(extent);
    const std::filesystem::path staged = context.new_staging_folder();
    write_snapshot(snapshot, extent, staged);
    context.publish(extent, staged, snapshot.metrics, snapshot.record);
  }
  remove_partial(context.store(), task.key);
}

}  // namespace latentgrid::worker
