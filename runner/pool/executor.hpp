#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "launch/template_launcher.hpp"
#include "methods/stages.hpp"
#include "pool/work_in_hand.hpp"
#include "protocol/messages.hpp"

namespace latentgrid {

// A worker ended or was ended while it had `task`. Infrastructure, not the task's own failure: worth one more try.
struct WorkerLost {
  std::int64_t task = 0;
  std::string kind;     // "signal", "exit", "timeout", "memory", "protocol"; "interrupted": by whoever manages the machine
  std::string message;  // with the log's path
};

// No worker has seen it: it can be submitted again, and that is no second attempt.
struct TaskReturned {
  std::int64_t task = 0;
};

// For the user: a worker has joined, or left, or can't be used.
struct WorkerNote {
  std::string text;
};

using ExecutorEvent = std::variant<protocol::Progress, protocol::ArtifactReady, protocol::Done, protocol::Failed, WorkerLost,
                                   TaskReturned, WorkerNote>;

struct WorkerOptions {
  std::filesystem::path program;      // latentgrid-worker
  std::map<std::string, int> stages;  // stage versions it must have
  double task_timeout_s = 0;          // 0: none
  std::int64_t memory_limit_kb = 0;   // resident size; 0: none
  std::string (*memory_advice)(const std::string& stage) = nullptr;  // what to do where a worker was killed; see ExecutorKind
};

// Workers that a scheduler starts for the tasks of some stages.
struct CrewOptions {
  std::string name;                     // letters and digits
  std::vector<std::string> stages;      // of the tasks that it takes, but for those on GPUs; no stage is in two crews
  std::vector<std::string> gpu_stages;  // of the tasks on a GPU that it takes: it has GPUs
  int workers = 1;                      // at once
  Resources resources;                  // of each
};

// Work that no free slot has time for.
struct LongTask {
  WorkKind kind;
  std::int64_t threads = 1;
  double seconds = 0;  // about so many
};

struct ExecutorOptions {
  WorkerOptions worker;
  std::filesystem::path results;  // a worker's --results
  std::string run;                // its --run: below whose name it stages
  std::filesystem::path logs;     // one worker-<slot>.log each
  int slots = 1;
  int tasks_per_gpu = 1;
  std::vector<CrewOptions> crews;  // of an executor on a cluster
  LauncherTemplates commands;      // of its scheduler, unless they are known
  double scheduler_timeout_s = 60;  // of one such command
};

// Where workers run, and what there is to run on. One thread; nothing blocks but wait().
class Executor {
 public:
  virtual ~Executor() = default;

  virtual int slots() const = 0;  // tasks at once, each with one thread of its own; may change
  virtual int free_slots() const = 0;
  virtual int free_threads() const = 0;  // that the next task may have
  virtual std::vector<int> gpu_slots() const { return {}; }  // of each GPU that there is: how many tasks at once
  // Of the free slots, whether one takes a task of this kind and so many threads that needs about so many seconds.
  virtual Taker taker_of(const WorkKind&, std::int64_t /*threads*/, double /*seconds*/ = 0) const { return Taker::somebody; }
  // Needs a free slot, or a worker that has this in hand. It takes about so many seconds.
  virtual void submit(const protocol::Run& run, double expected_s = 0) = 0;
  // Said before each wait(), when there is nothing more to submit: what stays ready because no free slot has time for it. One that
  // has had too little for a while is sent away, so that a new one takes its place.
  virtual void send_away_those_without_time_for(const std::vector<LongTask>&) {}
  // What workers still do that an earlier coordinator has given them. Submit that first: nobody else is to do it too.
  virtual std::vector<WorkInHand> in_hand() const { return {}; }

  // Throws what is known to stand against such tasks, before anything is submitted.
  virtual void prepare(const std::set<WorkKind>&) {}

  // How many tasks of each kind are ready or run: how much there is to do at once.
  virtual void expect(const std::map<WorkKind, std::int64_t>& /*tasks*/) {}

  // Lends a submitted task threads of slots that stand empty, or takes them back (1). Ignored once the task ended.
  virtual void share(std::int64_t task, std::int64_t threads) = 0;

  // Waits until a worker says something, `wake_fd` becomes readable or the time is over. Throws Error if no worker can
  // be used at all (missing program, other protocol or stage versions).
  virtual std::vector<ExecutorEvent> wait(double timeout_s, int wake_fd) = 0;

  // What works is left to another run: when this one goes, it ends nothing.
  virtual void leave_workers() {}

  virtual void stop() = 0;       // ask every worker to end after its current batch
  virtual void terminate() = 0;  // end them now
};

}  // namespace latentgrid
