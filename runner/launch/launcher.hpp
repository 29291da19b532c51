#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/hinted_error.hpp"
#include "launch/answer.hpp"

namespace latentgrid {

// What a worker is given. Everything is written as the scheduler wants it (Slurm: memory "16G", time "2-00:00:00" or
// minutes); what is empty or 0 is left to the scheduler's defaults.
struct Resources {
  std::string partition;  // or queue
  std::string account;
  std::string qos;
  std::string gres;  // "gpu:1"
  int cpus = 0;
  std::string memory;
  std::string time;
  std::vector<std::string> extra;  // further arguments of the command that submits
};

// Workers with the indices first, first + 1, ..., first + count - 1.
struct WorkerRequest {
  std::string what = "workers";  // for messages: "workers for train"
  std::string name;  // of the job: who lists or cancels knows it by that alone. See check_request()
  int first = 0;
  int count = 1;
  std::vector<std::string> argv;  // in every argument "{index}" stands for the worker's index
  std::filesystem::path folder;   // that it runs in; empty: where the scheduler starts it
  std::filesystem::path log;      // absolute, likewise with "{index}"; its folder must exist. Appended to
  Resources resources;
};

// The workers of a name whose indices are below `end`: all that were ever asked for under it.
struct WorkerRange {
  std::string name;
  int end = 0;
};

struct Submitted {
  std::string id;  // the scheduler's, of the array: for messages. An id may come again after a crash of the scheduler
  int first = 0, count = 0;
};

enum class WorkerState {  // in the order of their names, launcher_states() of spec
  pending,
  running,  // also suspended, and whatever word of the scheduler's is not known
  ending,   // its process is being ended or cleaned up after
  ended,
};

struct ListedWorker {
  std::string name;
  int index = 0;
  std::string id;  // the scheduler's: "17_3"
  WorkerState state = WorkerState::pending;
  std::string node;    // empty until it has one
  std::string reason;  // why it waits, or how it ended: "Resources", "TIMEOUT", "FAILED (exit code 3)"; may be empty
  std::int64_t since = 0;  // when it was submitted, started or ended, in seconds since 1970; 0: not known
  bool stuck = false;      // it waits and won't start unless somebody acts: it exceeds a limit, or is on hold
  std::string meaning = {}, remedy = {};  // of the reason, where it is known: "other jobs use the nodes", and what can be done
  std::int64_t limit = 0;  // of one that runs: when its time is over, as `since`; 0: it has no limit, or that is not known
  bool operator==(const ListedWorker&) const = default;
};

// What went wrong between us and a scheduler: what failed and the scheduler's own words; the hint says what to do.
class SchedulerError : public HintedError {
 public:
  SchedulerError(const std::string& message, const std::string& hint, bool temporary)
      : HintedError(message, hint), temporary_(temporary) {}

  // The scheduler couldn't be reached or didn't answer in time: worth another try later. What was asked may have been
  // done all the same, so list before you submit again.
  bool temporary() const { return temporary_; }

 private:
  bool temporary_;
};

struct Cancelled {};

// The way to a scheduler that starts workers on other machines. Nothing blocks but check() and what it has learnt when
// it was not called. One thread. Errors are SchedulerErrors, from here or from the Answer, but for those of
// check_request().
class Launcher {
 public:
  virtual ~Launcher() = default;

  virtual std::string scheduler() const { return "the scheduler"; }  // what it is called in messages

  // Throws what the scheduler says against the request, as far as it can tell without submitting anything.
  virtual void check(const WorkerRequest& request) = 0;

  // One Submitted for each array that this takes. Where a later one fails, the earlier ones stay; the error says so.
  virtual Answer<std::vector<Submitted>> submit(const WorkerRequest& request) = 0;

  // One line for each worker that the scheduler knows, sorted by name and index: the liveliest, then the latest, where
  // it knows several. A worker that ended long ago (Slurm: MinJobAge, 5 minutes), or was cancelled while it waited, is
  // not known any more. An answer that isn't whole is an error, never a shorter list.
  virtual Answer<std::vector<ListedWorker>> list(const std::vector<WorkerRange>& workers) = 0;

  // Cancels all of them. None there is no error.
  virtual Answer<Cancelled> cancel(const WorkerRange& workers) = 0;

  // Where a worker's output goes.
  virtual std::filesystem::path log_of(const WorkerRequest& request, int index) = 0;
};

// Throws Error unless a request can be carried out as it is written: a name that is a letter and at most 63 letters,
// digits, '.', '_' and '-' (some schedulers take no digit first), an absolute log in a folder that exists, an argv, and
// no negative number.
void check_request(const WorkerRequest& request);

// Why it waits, or how it ended, with what that means: "Resources: other jobs use the nodes". "" where nothing is known.
std::string why(const ListedWorker& worker);

// The same for all workers that wait for the same thing: the scheduler's words name nodes and counts, which change.
std::string kind_of_reason(const ListedWorker& worker);

// In a fixed order, one for each name and index.
std::vector<ListedWorker> liveliest(std::vector<ListedWorker> workers);

}  // namespace latentgrid
