#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/heartbeat.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/poll_interval.hpp"
#include "pool/transport.hpp"
#include "protocol/line_file.hpp"
#include "protocol/messages.hpp"

namespace latentgrid {

struct BridgeOptions {
  std::filesystem::path program;  // the worker that does the work, over pipes
  std::filesystem::path results;
  std::filesystem::path mailbox;  // MailboxFolder::root
  std::string name;               // of this worker: nobody else may have it
  std::string crew;               // for which a scheduler has started it; "": it was started by hand
  int index = 0;                  // in that
  std::optional<double> idle_s;   // leaves when it had nothing to do for so long while a coordinator was there
  double alone_s = 1200;          // leaves when it had nothing to do for so long while none was
  double seconds_to_stop = 100;   // for the task to leave a checkpoint after SIGTERM
  double seconds_between_progress = 1;
};

// The worker's end of a mailbox: a process on any machine that shares the results folder. It starts a worker beside itself,
// passes on what it and the coordinator say to each other, and gives signs of life while the worker computes. A task goes on
// while no coordinator is there; the next one is told of it, and gets what is being done when it asks for the same.
class Bridge {
 public:
  // To a new worker. Throws Error where none can be started.
  using Start = std::function<std::unique_ptr<Transport>(bool portable)>;

  // `start`: in place of a process of options.program.
  Bridge(BridgeOptions options, const Clock& clock, Start start = {});

  // Until it leaves; the exit code. SIGTERM and SIGINT ask it to leave.
  int run();

  // What run() does but for waiting and signals: join(), then step() until it says that this worker has left.
  void join();
  bool step();         // whatever there is to do now; false: it has left
  void ask_to_stop(const std::string& why);  // as SIGTERM does, before a step()

 private:
  void wait() const;
  void read_mailbox();
  void read_line(std::string_view line);
  void connect(std::string_view rest);
  void message(std::string_view line);
  void take_task(const protocol::Run& run);
  void share(const protocol::Share& share);
  void start_waiting_task();
  void start_worker(bool portable);
  std::unique_ptr<Transport> new_process(bool portable) const;
  void end_worker();
  void read_worker();
  void read_message(std::string_view line);
  void task_ended();
  void worker_ended();
  void tell_progress();
  void beat();
  void look_around();
  bool mailbox_is_gone() const;
  bool is_stopping() const { return stop_at_ >= 0 || !leaving_.empty(); }
  bool is_time_to_leave();
  void leave(const std::string& why);
  void take_leave();
  void say(const std::string& line) { to_coordinator_.add(line); }  // once a turn
  void tell(std::string_view word, std::string_view text);  // to the coordinator that is connected

  BridgeOptions options_;
  const Clock& clock_;
  Start start_;
  MailboxFolder folder_;
  protocol::LineReader from_coordinator_;
  protocol::LineWriter to_coordinator_;
  HeartbeatWriter heartbeat_;
  HeartbeatWatch coordinator_;
  PollInterval interval_;
  double next_beat_ = 0;
  double last_beat_;
  double idle_s_ = 0, alone_s_ = 0;  // so far
  std::optional<double> gap_since_;
  double stop_at_ = -1;  // when the task is no longer waited for
  std::string stops_because_;
  std::string leaving_;  // why; "" while it stays
  bool is_awaited_ = true;  // somebody reads why it leaves

  std::unique_ptr<Transport> worker_;
  bool worker_is_portable_ = false;
  std::string worker_said_;  // of a line that is not whole yet
  std::string hello_;        // the line, once it was said
  std::optional<protocol::Run> task_;  // that the worker has
  std::string progress_;               // its newest, not told yet
  double next_progress_ = 0;

  std::string connection_;
  bool wants_portable_ = false;
  bool hello_told_ = false;                  // on this connection
  std::optional<std::int64_t> task_told_as_; // the number that this connection knows the worker's task by
  std::optional<protocol::Run> waiting_;     // comes after the worker's task, which another coordinator has given
  std::int64_t waiting_threads_ = 0;         // that it was lent meanwhile; 0: none
};

// A name for this process that no other one in the folder has: host, process and time.
std::string new_worker_name();

}  // namespace latentgrid
