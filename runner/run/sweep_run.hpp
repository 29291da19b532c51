#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/recording.hpp"
#include "plan/make_plan.hpp"
#include "run/eta.hpp"
#include "run/gpu_slots.hpp"
#include "run/job_states.hpp"
#include "run/run_context.hpp"
#include "schedule/scheduler.hpp"

namespace latentgrid {

struct RunSummary {
  std::int64_t jobs_complete = 0, jobs_failed = 0, jobs_skipped = 0, jobs_pending = 0;
  std::int64_t tasks_executed = 0, tasks_reused = 0, tasks_failed = 0;
  double wall_s = 0;
  bool interrupted = false;
};

// One run of a planned sweep: hands ready tasks to the executor and turns its events into rows. The only writer of the
// database. What finished is recorded in one transaction for all that came within a tenth of a second, and nothing is
// reported as done before it is durable; what depends on it may start before, as its artifact is on the disk. A task whose
// worker was lost is tried once more, one that was interrupted goes on elsewhere, its own failure is final.
class SweepRun {
 public:
  // `revision`: what register_sweep() gave for the plan's jobs. Nothing: the plan's jobs are panels of figures, of which
  // the database keeps artifacts and no states.
  SweepRun(const Plan& plan, std::optional<std::int64_t> revision, const RunContext& context);

  RunSummary run();

  const std::vector<JobState>& job_states() const { return jobs_.all(); }  // by a job's place in the plan

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
      std::string worker;                   // see protocol::Failed
      std::vector<std::int64_t> published;  // extents it left before it failed
    };
    std::vector<Failure> failed;
    std::vector<std::pair<int, std::string>> retried;  // and why
    double since = 0;  // of the first of `finished`
  };

  void dispatch();
  void go_on_with_what_is_in_hand();
  void give(int task);
  void share_idle_slots();
  void show_progress(double now);
  void take_interrupts();
  bool is_over() const;  // though tasks may be left
  double seconds_to_wait() const;
  void handle(const ExecutorEvent& event);
  void task_progressed(const protocol::Progress& progress);
  void artifact_ready(const protocol::ArtifactReady& artifact);
  void task_done(int task);
  void task_failed(const protocol::Failed& failed);
  void task_interrupted(int task, const std::string& message);
  void worker_lost(int task, const std::string& kind, const std::string& message);
  void lose(int task, const std::string& kind, const std::string& message);
  void task_returned(int task);
  void give_up(int task, const std::string& kind, const std::string& message, const std::string& worker = "");
  void note_failure(int task, const std::string& kind, const std::string& message);
  bool commit_is_due() const;
  void commit();
  void report(const Unrecorded& recorded);
  void leave(int task);
  const TaskNode& node(int task) const { return plan_.graph.tasks[task]; }
  protocol::Run message_for(int task, const std::string& device) const;
  std::string label(int task) const;
  RunCounts counts() const;
  RunSummary summary(double started) const;

  const Plan& plan_;
  std::optional<std::int64_t> revision_;
  RunContext context_;
  std::vector<double> costs_;
  Scheduler scheduler_;
  GpuSlots gpus_;
  Eta eta_;
  JobStates jobs_;
  std::map<int, int> attempts_;
  struct Interruptions {
    int count = 0;
    std::int64_t furthest = 0;  // that the task has ever got
  };
  std::map<int, Interruptions> interruptions_;  // since the task last got further
  std::map<WorkInHand, int> task_of_work_;      // of all tasks, once that is asked for
  std::map<int, double> started_;  // of the running tasks
  Unrecorded unrecorded_;
  std::int64_t running_threads_ = 0;
  double stop_deadline_ = -1;
  double next_note_ = 0;  // when others are told how far it is
  bool stopping_ = false;
};

}  // namespace latentgrid
