#pragma once

#include <algorithm>

#include "worker/channel.hpp"
#include "worker/task_context.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

// The TaskContext of a real worker: publishes into a results folder and speaks through a channel.
class RunningTask : public TaskContext {
 public:
  // All must outlive this.
  RunningTask(const protocol::Run& task, const ArtifactStore& store, Channel& channel);

  const protocol::Run& task() const override { return task_; }
  const ArtifactStore& store() const override { return store_; }
  std::filesystem::path input(const std::string& name) const override;
  void progress(std::int64_t done, std::int64_t total, const Json& metrics) override;
  int threads() const override {
    return static_cast<int>(std::max(task_.threads, channel_.shared_threads(task_.task)));
  }
  Usage usage() const override { return meter_.read(); }
  void continue_from(const Usage& before) override { meter_.continue_from(before); }
  std::filesystem::path new_staging_folder() override { return store_.new_staging_folder(); }
  void publish(std::int64_t extent, const std::filesystem::path& staged, const Json& metrics, const Json& record) override;

 private:
  Json provenance() const;

  const protocol::Run& task_;
  const ArtifactStore& store_;
  Channel& channel_;
  UsageMeter meter_;
  double last_progress_ = 0;
};

// Runs one task to its end and returns the message that ends it: done or failed. Throws Error if the
// coordinator is gone, and where a GPU failed under the process, which must end then: nothing it asks of the GPU works again.
protocol::WorkerMessage run_task(const protocol::Run& task, const ArtifactStore& store, Channel& channel);

}  // namespace latentgrid::worker
