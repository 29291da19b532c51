#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "launch/launcher.hpp"
#include "pool/crew.hpp"
#include "pool/mailbox_executor.hpp"
#include "pool/submissions.hpp"

namespace latentgrid {

// Workers of a mailbox that a cluster's scheduler starts: one crew for each kind of work that asks the cluster for something of
// its own. Idle ones leave, and later work asks for new ones. What the scheduler says of a worker is a hint: one is lost when
// neither the scheduler nor a heartbeat knows of it. Those that somebody starts by hand do any work.
class ClusterExecutor : public MailboxExecutor {
 public:
  ClusterExecutor(const ExecutorOptions& options, std::unique_ptr<Launcher> launcher, const Clock& clock);
  ~ClusterExecutor() override;

  // Throws what the scheduler says against the requests of the crews that have such tasks.
  void prepare(const std::set<WorkKind>& kinds) override;
  void expect(const std::map<WorkKind, std::int64_t>& tasks) override { expected_ = tasks; }
  void leave_workers() override { is_closed_ = true; }
  void stop() override;
  void terminate() override;

 protected:
  bool serves(const Member& member, const WorkKind& kind) const override;
  bool has_time_for(const Member& member, const WorkKind& kind, double seconds) const override;
  void look_after(std::vector<ExecutorEvent>& events) override;
  double most_silence_s(const Member& member) const override;
  bool has_ended(const Member& member) const override;
  std::string what_is_said_of(const Member& member) const override;
  void is_there(const Member& member) override;
  void has_left(const Member& member) override;
  std::string how_to_join() const override { return ""; }
  std::vector<int> descriptors() const override;

 private:
  Crew* crew_of(const Member& member) const;
  const ListedWorker* listed(const Member& member) const;
  void list(std::vector<ExecutorEvent>& events);
  double seconds_between_lists() const;
  bool is_time_to_list(double now) const;
  void cancel();

  std::unique_ptr<Launcher> launcher_;
  Submissions submissions_;
  std::vector<std::unique_ptr<Crew>> crews_;
  std::map<WorkKind, std::int64_t> expected_;  // tasks that are ready or running
  std::optional<Answer<std::vector<ListedWorker>>> listing_;
  double listing_since_ = 0;       // when the scheduler was asked last
  int failed_listings_ = 0;        // one after the other
  std::vector<ListedWorker> listed_;
  int lists_alike_ = 0;            // so many before the last one were the same
  std::string said_;               // the last one's error
  bool was_listed_ = false;
  bool is_closed_ = false;
};

}  // namespace latentgrid
