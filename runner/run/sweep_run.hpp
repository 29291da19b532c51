#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/results_db.hpp"
#include "plan/make_plan.hpp"
#include "pool/executor.hpp"
#include "run/eta.hpp"
#include "run/gpu_slots.hpp"
#include "run/interrupts.hpp"
#include "run/run_view.hpp"
#include "schedule/scheduler.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct RunSummary {
  std::int64_t jobs_complete = 0, jobs_failed = 0, jobs_skipped = 0, jobs_pending = 0;
  std::int64_t tasks_executed = 0, tasks_reused = 0, tasks_failed = 0;
  double wall_s = 0;
  bool interrupted = false;
};

// One run of a planned sweep: hands ready tasks to the executor and turns its events into rows. The only writer of the
// database. What finished is recorded in one transaction for all that came within a tenth of a second, and nothing is
// reported as done before it is durable; what depends on it may start before, as its artifact is on the disk. Infrastructure failures are tried once more, a task's own failures are not.
class SweepRun {
 public:
  // `revision`: what register_sweep() gave for the plan's jobs. Nothing: the plan's jobs are panels of figures, of which
  // the database keeps artifacts and no states.
  SweepRun(const Plan& plan, const ArtifactStore& store, ResultsDb& db, std::optional<std::int64_t> revision,
           Executor& executor, Interrupts& interrupts, const Clock& clock, RunView& view);

  RunSummary run();

  const std::vector<JobState>& job_states() const { return job_states_; }  // by a job's place in the plan

 private:
  struct Finished {
    int task;
    double seconds;
  };
  struct Unrecorded {  // what has happened since the last transaction
    std::vector<ArtifactRow> artifacts;
    std::vector<FailureRow> failures;
    std::vector<Finished> finished;
    struct Failure {
      int task;
      std::string reason;
      std::vector<std::int64_t> published;  // extents it left before it failed
    };
    std::vector<Failure> failed;
    std::vector<std::pair<int, std::string>> retried;  // and why
    double since = 0;  // of the first of `finished`
  };

  void adopt_published(const std::vector<JobStateRow>& known);
  void record_initial_states(const std::vector<JobStateRow>& known);
  void dispatch();
  void share_idle_slots();
  void take_interrupts();
  double seconds_to_wait() const;
  void handle(const ExecutorEvent& event);
  void task_done(int task);
  void task_failed(int task, const std::string& kind, const std::string& message, bool infrastructure);
  bool commit_is_due() const;
  void commit();
  void report(const Unrecorded& recorded);
  void leave(int task);
  void job_states_after(int task, const std::vector<std::int64_t>& available, std::vector<JobStateRow>& states);
  std::vector<JobStateRow> known_states() const;
  ArtifactRow read_row(const TaskNode& task, std::int64_t extent) const;
  bool is_readable(const TaskNode& task, std::int64_t extent) const;
  bool remove_unreadable(const TaskNode& task, std::int64_t extent) const;  // true if there was something to remove
  protocol::Run message_for(int task, const std::string& device) const;
  std::string label(int task) const;
  RunCounts counts() const;
  RunSummary summary(double started) const;

  SweepRun(const Plan& plan, const ArtifactStore& store, ResultsDb& db, std::optional<std::int64_t> revision,
           Executor& executor, Interrupts& interrupts, const Clock& clock, RunView& view,
           const std::vector<double>& costs);

  const Plan& plan_;
  const ArtifactStore& store_;
  ResultsDb& db_;
  std::optional<std::int64_t> revision_;
  Executor& executor_;
  Interrupts& interrupts_;
  const Clock& clock_;
  RunView& view_;
  Scheduler scheduler_;
  GpuSlots gpus_;
  Eta eta_;
  std::vector<std::vector<int>> jobs_of_task_;
  std::vector<int> open_tasks_of_job_;  // on its path, not yet done
  std::vector<JobState> job_states_;
  std::map<int, int> attempts_;
  std::map<int, double> started_;  // of the running tasks
  Unrecorded unrecorded_;
  std::int64_t running_threads_ = 0;
  double stop_deadline_ = -1;
  bool stopping_ = false;
};

// What the database keeps of a planned job.
JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph);

}  // namespace latentgrid
