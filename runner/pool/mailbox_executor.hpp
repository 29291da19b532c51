#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/heartbeat.hpp"
#include "pool/executor.hpp"
#include "pool/mailbox.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/worker_session.hpp"

namespace latentgrid {

// Workers that others start, on any machine that shares the results folder: `latentgrid-worker --mailbox DIR`. They are found
// in that folder, may come and leave at any time, and are told to leave when the run ends. Those that an earlier run has left
// go on with what they do, and are spoken to again.
class MailboxExecutor : public Executor {
 public:
  MailboxExecutor(const ExecutorOptions& options, const Clock& clock);
  ~MailboxExecutor() override;

  int slots() const override;
  int free_slots() const override;
  int free_threads() const override { return std::numeric_limits<int>::max(); }  // taker_of() knows the cores of each
  Taker taker_of(const WorkKind& kind, std::int64_t threads, double seconds = 0) const override;
  std::vector<int> gpu_slots() const override { return {std::numeric_limits<int>::max()}; }  // taker_of() knows who has one
  void submit(const protocol::Run& run, double expected_s = 0) override;
  void send_away_those_without_time_for(const std::vector<LongTask>& tasks) override;
  std::vector<WorkInHand> in_hand() const override;
  void share(std::int64_t, std::int64_t) override {}  // a worker's cores are its own: it has had them since submit()
  std::vector<ExecutorEvent> wait(double timeout_s, int wake_fd) override;
  void stop() override;
  void terminate() override;

 protected:
  struct Member {
    MailboxLink link;
    WorkerSession session;
    bool is_placed = false, was_met = false;  // it has said where it runs; its joining was told
    bool was_there_first = false;  // before this run
    bool is_dead = false;          // for certain: nobody will look into its folder again
    double found_at = 0;           // the same for all of a search
    bool has_worked = false;       // in this run
    std::optional<double> lacks_time_since;  // for what there is to do, and has nothing else
    Member(const ExecutorOptions& options, const MailboxFolder& folder, const std::string& name, const Clock& clock);
    bool is_ready() const { return session.is_ready() && !session.has_task() && !link.is_over() && !link.is_leaving(); }
    bool is_free() const { return is_ready() && !link.in_hand(); }
    bool has_in_hand(const WorkInHand& work) const { return is_ready() && link.in_hand() == work; }
    bool has_gpu() const { return link.place() && link.place()->gpus > 0; }
    std::string job() const;  // that a scheduler has started it as; "": none
    std::string in_words() const;  // "worker lab-7-1764424800123 on n2 (Slurm job 4711_3)"
    int cores() const { return link.place() ? link.place()->cores : 1; }
  };

  const MailboxFolder& folder() const { return folder_; }
  const Clock& clock() const { return clock_; }
  bool has_members() const { return !members_.empty(); }
  bool any_is_silent(double seconds) const;
  bool was_started_again(const Member& member) const;  // by its scheduler, as another one

  // For those who start workers themselves.
  virtual bool serves(const Member& member, const WorkKind& kind) const { return !kind.on_gpu || member.has_gpu(); }
  virtual bool has_time_for(const Member&, const WorkKind&, double /*seconds*/) const { return true; }
  virtual void look_after(std::vector<ExecutorEvent>&) {}  // once a wait()
  virtual double most_silence_s(const Member&) const { return seconds_without_a_beat; }  // after which one is lost
  virtual bool has_ended(const Member&) const { return false; }  // whoever has started it says so
  virtual std::string what_is_said_of(const Member&) const { return ""; }  // one that is lost, by others
  virtual void is_there(const Member&) {}  // it has said where it runs
  virtual void has_left(const Member&) {}
  virtual std::string how_to_join() const;
  virtual std::vector<int> descriptors() const { return {}; }  // whose news end a wait()

 private:
  void find_members(std::vector<ExecutorEvent>& events);
  void add_member(const std::string& name, bool was_there_first, std::vector<ExecutorEvent>& events);
  void give_up_those_started_again();
  void hear(Member& member, std::vector<ExecutorEvent>& events);
  void speak_with(Member& member, std::vector<ExecutorEvent>& events);
  void forget_those_who_left();
  bool is_settled() const;
  int most_cores(const WorkKind& kind) const;
  bool seems_dead(const std::string& worker, bool was_there_first);
  void beat();
  double seconds_to_next_look() const;

  ExecutorOptions options_;
  const Clock& clock_;
  MailboxFolder folder_;
  HeartbeatWriter heartbeat_;
  std::vector<std::unique_ptr<Member>> members_;
  std::set<std::string> known_;  // names of members, and of those who were
  struct Doubtful {
    HeartbeatWatch heart;
    bool was_there_first;
  };
  std::map<std::string, Doubtful> doubtful_;  // that are no members, as the times of their files say that they are dead
  double next_beat_ = 0;
  double next_search_ = 0;
  std::optional<double> first_search_;
  bool said_how_to_join_ = false;  // since there was nobody
  bool somebody_was_placed_ = false;
  bool stopping_ = false;
};

}  // namespace latentgrid
