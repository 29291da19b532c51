#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/launcher.hpp"

namespace latentgrid {

// Slurm by its commands sbatch, squeue, scancel, scontrol and, for a hint, sinfo; without an accounting database. One
// array for up to MaxArraySize workers: worker i is task i % MaxArraySize, and the job's name says what is left
// (slurm_job_name). Jobs are never requeued. With a time limit a worker gets SIGTERM 120 s before its end (a quarter of
// a limit below 8 minutes).
class SlurmLauncher : public Launcher {
 public:
  explicit SlurmLauncher(const Clock& clock, double timeout_s = 60);  // of one command

  std::string scheduler() const override { return "Slurm"; }
  void check(const WorkerRequest& request) override;
  Answer<std::vector<Submitted>> submit(const WorkerRequest& request) override;
  Answer<std::vector<ListedWorker>> list(const std::vector<WorkerRange>& workers) override;
  Answer<Cancelled> cancel(const WorkerRange& workers) override;
  std::filesystem::path log_of(const WorkerRequest& request, int index) override;

 private:
  struct Array {
    int offset = 0;  // of worker and task
    int first = 0, count = 0;
  };

  int max_array_size();
  std::vector<Array> arrays_of(const WorkerRequest& request);
  std::vector<std::string> names_of(const WorkerRange& workers);
  CommandOptions submission(const WorkerRequest& request, const Array& array) const;
  CommandOptions command(std::vector<std::string> argv) const;
  void check_time(const WorkerRequest& request) const;
  std::string partitions() const;

  const Clock& clock_;
  double timeout_s_;
  std::optional<int> max_array_size_;
};

}  // namespace latentgrid
