#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "db/results_db.hpp"
#include "plan/make_plan.hpp"
#include "pool/executor.hpp"
#include "run/eta.hpp"
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
// database: everything that finished in one turn of the loop is one transaction, and nothing counts as done before it
// is durable. Infrastructure failures are tried once more, a task's own failures are not.
class SweepRun {
 public:
  SweepRun(const Plan& plan, const ArtifactStore& store, ResultsDb& db, Executor& executor, Interrupts& interrupts,
           const Clock& clock, RunView& view);

  RunSummary run();

 private:
  struct Turn {  // what one turn of the loop leaves to record
    std::vector<ArtifactRow> artifacts;
    std::vector<FailureRow> failures;
    std::vector<int> finished;
    struct Failure {
      int task;
      std::string reason;
      std::vector<std::int64_t> published;  // extents it left before it failed
    };
    std::vector<Failure> failed;
    std::vector<std::pair<int, std::string>> retried;  // and why
  };

  void adopt_published();
  void record_initial_states();
  void dispatch();
  void share_idle_slots();
  void take_interrupts();
  void handle(const ExecutorEvent& event, Turn& turn);
  void task_done(int task, Turn& turn);
  void task_failed(int task, const std::string& kind, const std::string& message, bool infrastructure, Turn& turn);
  void commit(const Turn& turn);
  void leave(int task);  // it doesn't run any more
  void job_states_after(int task, const std::vector<std::int64_t>& available, std::vector<JobStateRow>& states);
  ArtifactRow read_row(const TaskNode& task, std::int64_t extent) const;
  protocol::Run message_for(int task) const;
  std::string label(int task) const;
  RunCounts counts() const;
  RunSummary summary(double started) const;

  const Plan& plan_;
  const ArtifactStore& store_;
  ResultsDb& db_;
  Executor& executor_;
  Interrupts& interrupts_;
  const Clock& clock_;
  RunView& view_;
  Scheduler scheduler_;
  Eta eta_;
  std::vector<std::vector<int>> jobs_of_task_;
  std::vector<int> open_tasks_of_job_;  // on its path, not yet done
  std::vector<JobState> job_states_;
  std::map<int, int> attempts_;
  std::set<int> running_;
  std::int64_t running_threads_ = 0;
  double stop_deadline_ = -1;
  bool stopping_ = false;
};

// What the database keeps of a planned job.
JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph);

}  // namespace latentgrid
