#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "pool/executor.hpp"
#include "pool/worker_session.hpp"

namespace latentgrid {

// Child processes on this machine, one a slot, and the GPUs that visible_gpus() finds. The processes are started when the first task comes and replaced when they are lost.
class LocalExecutor : public Executor {
 public:
  LocalExecutor(const ExecutorOptions& options, const Clock& clock);
  ~LocalExecutor() override;

  int slots() const override { return static_cast<int>(sessions_.size()); }
  int free_slots() const override;
  int free_threads() const override;
  std::vector<int> gpu_slots() const override { return gpu_slots_; }
  void submit(const protocol::Run& run, double expected_s = 0) override;
  void share(std::int64_t task, std::int64_t threads) override;
  std::vector<ExecutorEvent> wait(double timeout_s, int wake_fd) override;
  void stop() override;
  void terminate() override;

 private:
  WorkerSession* idle_session(const protocol::Run& run);

  std::vector<int> gpu_slots_;
  std::vector<WorkerSession> sessions_;
};

}  // namespace latentgrid
