#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/launcher.hpp"
#include "pool/executor.hpp"

namespace latentgrid {

// Workers of one kind that a scheduler starts for us: how many of them there are, and when to ask for more. It learns of
// workers by what it is told: which have joined, and what the scheduler lists. One thread; nothing blocks.
class Crew {
 public:
  // `request` has name, argv, log and resources; `next_index`: no index from there on was ever asked for.
  Crew(CrewOptions options, WorkerRequest request, int next_index, Launcher& launcher, const Clock& clock);

  const CrewOptions& options() const { return options_; }
  const WorkerRequest& request() const { return request_; }
  WorkerRange range() const { return {request_.name, next_index_}; }
  bool serves(const WorkKind& kind) const;

  void joined(int index);
  void left(int index);
  // Others, who nobody has asked for here, do the work too: no failure of this crew ends the run then.
  void set_helped(bool helped) { helped_ = helped; }
  // What the scheduler lists, when it was asked after `asked_at`. Says once of each kind of reason why a worker won't start by itself, or
  // has not started for a while.
  void listed(const std::vector<ListedWorker>& workers, double asked_at, std::vector<ExecutorEvent>& events);
  // As the scheduler said last; nothing for one that it does not know any more.
  const ListedWorker* find(int index) const;

  // Throws what the scheduler says against the request, once.
  void check();
  // Asks for as many workers as `tasks`, ready or running, can use. Throws SchedulerError where that can't be and nobody is left
  // to do them. Not before the first listed(). `record` is told first index and count before the scheduler is.
  void want(std::int64_t tasks, std::vector<ExecutorEvent>& events, const std::function<bool(int, int)>& record);
  // Takes the answer to a submission, if it has come.
  void poll(std::vector<ExecutorEvent>& events);
  std::vector<int> descriptors() const;

  int alive() const;  // running, waiting or just asked for
  bool is_awaited() const { return submission_ || !awaited_.empty(); }  // somebody is to join
  bool needs_list() const;  // one that shows what the last submission did
  // No more is asked for; a submission that is under way is ended, so that a cancel() that follows finds what it did.
  void stop() { submission_.reset(); }

 private:
  void say_why_it_waits(const ListedWorker& worker, double now, std::vector<ExecutorEvent>& events);
  void fail(const SchedulerError& error, std::vector<ExecutorEvent>& events);

  CrewOptions options_;
  WorkerRequest request_;
  int next_index_;
  Launcher& launcher_;
  const Clock& clock_;
  int first_of_this_run_;
  bool is_checked_ = false;
  bool helped_ = false;
  bool was_listed_ = false;
  double listing_counts_from_ = 0;     // an older one does not know what was done last
  std::set<int> working_;              // joined, and not left
  std::map<int, double> awaited_;      // asked for or listed as alive, not joined yet; when it was asked for
  std::map<int, ListedWorker> listed_;
  std::set<int> has_joined_;
  std::set<std::string> said_reasons_;  // kind_of_reason()
  std::optional<Answer<std::vector<Submitted>>> submission_;
  WorkerRequest submitted_;
  double next_submission_ = 0;
  double pause_;
  int ended_without_joining_ = 0;      // of this run, one after the other, nobody having cancelled them
  std::string how_ended_;
};

}  // namespace latentgrid
