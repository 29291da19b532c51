#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "base/heartbeat.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/poll_interval.hpp"
#include "pool/transport.hpp"
#include "pool/work_in_hand.hpp"
#include "pool/worker_place.hpp"
#include "protocol/line_file.hpp"

namespace latentgrid {

// The coordinator's end of one worker's mailbox: the files, over which one connection after another is made. One thread.
class MailboxLink {
 public:
  // `run`: the coordinator's, which begins the names of its connections. Throws Error where the files can't be written.
  MailboxLink(const MailboxFolder& folder, std::string worker, std::string run, const Clock& clock,
              FileSystem& files = real_file_system(), protocol::LineReader::Source source = protocol::LineReader::bytes_from);

  const std::string& worker() const { return worker_; }
  const std::optional<WorkerPlace>& place() const { return place_; }  // nothing before it has joined
  double seconds_to_next_look() const { return interval_.seconds_left(); }

  void look();  // reads what has come, where it is time to
  // Nothing was heard of it for this long, neither a line nor a heartbeat.
  double silence_s() const { return silence_s_; }
  std::int64_t resident_kb() const { return watch_.resident_kb(); }

  // What it still does for a coordinator before: it takes nothing else meanwhile.
  const std::optional<WorkInHand>& in_hand() const { return in_hand_; }
  void in_hand_is_given() { in_hand_.reset(); }  // to it, and so it is a task of ours
  bool is_leaving() const { return !leaving_.empty(); }  // it takes no task any more

  // It has left, or was given up: nothing more comes.
  bool is_over() const { return over_.has_value(); }
  bool has_left() const { return has_left_; }  // by itself
  void give_up(const std::string& why);

  std::string connect(bool portable);  // ends the connection before; its name
  void send(const std::string& connection, const std::vector<std::string>& lines);
  void drop(const std::string& connection);
  void say_leave();
  // Appends what came for that connection; false once it has ended and all of it was taken.
  bool take(const std::string& connection, std::string& buffer);
  Transport::End end() const;  // of the last connection

 private:
  void read(const std::string& line);
  void watch_for_gap();
  void write(const std::string& line);

  std::string worker_;
  std::string run_;
  const Clock& clock_;
  protocol::LineWriter writer_;
  protocol::LineReader reader_;
  HeartbeatWatch watch_;
  PollInterval interval_;
  std::optional<WorkerPlace> place_;
  std::string connection_;  // the current one
  bool is_silent_ = true;   // has not been told anything
  std::string unread_;      // what it was told
  std::optional<WorkInHand> in_hand_;
  std::string leaving_;     // why
  bool has_left_ = false;
  bool was_told_to_leave_ = false;
  std::optional<Transport::End> ended_;
  std::optional<Transport::End> over_;
  std::optional<double> gap_since_;
  std::int64_t connections_ = 0;
  std::int64_t last_sent_ = 0;  // number of the last message's line
  double next_watch_ = 0;
  double silence_s_ = 0;
};

// One connection. The link must outlive it.
class Mailbox : public Transport {
 public:
  Mailbox(MailboxLink& link, bool portable) : link_(link), connection_(link.connect(portable)) {}
  ~Mailbox() override { link_.drop(connection_); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void write_line(const std::string& line) override { link_.send(connection_, {line}); }
  void write_lines(const std::vector<std::string>& lines) override { link_.send(connection_, lines); }
  bool read(std::string& buffer) override {
    link_.look();
    return link_.take(connection_, buffer);
  }
  int descriptor() const override { return -1; }
  End end() override { return link_.end(); }
  std::int64_t resident_kb() const override { return link_.resident_kb(); }
  std::string where() const override { return link_.place() ? in_words(*link_.place()) : ""; }

 private:
  MailboxLink& link_;
  std::string connection_;
};

}  // namespace latentgrid
