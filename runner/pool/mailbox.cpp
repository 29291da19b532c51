#include "pool/mailbox.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace latentgrid {

namespace {

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

MailboxLink::MailboxLink(const MailboxFolder& folder, std::string worker, std::string run, const Clock& clock, FileSystem& files,
                         protocol::LineReader::Source source)
    : worker_(std::move(worker)),
      run_(std::move(run)),
      clock_(clock),
      writer_(folder.to_worker(worker_), files),
      reader_(folder.from_worker(worker_), std::move(source)),
      watch_(folder.heartbeat(worker_), clock),
      interval_(clock) {}

void MailboxLink::look() {
  if (is_over() || !interval_.is_due()) return;
  writer_.flush();
  const std::vector<std::string> lines = reader_.read();
  interval_.looked(!lines.empty());
  for (const std::string& line : lines) read(line);
  watch_for_gap();
  if (!lines.empty()) {
    watch_.forgive();
    silence_s_ = 0;
  }
  if (const double now = clock_.monotonic_seconds(); now >= next_watch_) {
    next_watch_ = now + seconds_between_beats;
    silence_s_ = watch_.silence_s();
  }
}

// A file server may show a later line before an earlier one, but not for long.
void MailboxLink::watch_for_gap() {
  const double now = clock_.monotonic_seconds();
  if (!reader_.has_gap()) {
    gap_since_.reset();
  } else if (now - gap_since_.value_or(now) >= seconds_without_a_beat) {
    give_up("lines that it wrote are missing");
  } else if (!gap_since_) {
    gap_since_ = now;
  }
}

void MailboxLink::read(const std::string& line) {
  const auto [word, rest] = first_word(line);
  if (word == "joined") {
    place_ = place_in(rest);
  } else if (word == "leaving") {
    leaving_ = rest;
  } else if (word == "left") {
    const auto [number, message] = first_word(rest);
    has_left_ = true;
    over_ = {is_leaving() ? "interrupted" : "exit", std::string(message), number_in(number) < last_sent_};
  } else {
    const auto [connection, text] = first_word(rest);
    if (connection != connection_ || ended_) return;  // to a coordinator before this one, or a process that was dropped
    if (word == "busy") {
      const auto [stage, key] = first_word(text);
      in_hand_ = {std::string(stage), std::string(key)};
    } else if (word == "free") {
      in_hand_.reset();
    } else if (word == "line") {
      if (std::exchange(is_silent_, false)) next_watch_ = 0;  // what is known of its memory was another process's
      unread_.append(text).push_back('\n');
    } else if (word == "ended") {
      const auto [kind, message] = first_word(text);
      const bool killed = kind == killed_kind;
      ended_ = {.kind = killed ? "signal" : std::string(kind), .message = std::string(message), .killed_by_others = killed};
    }
  }
}

void MailboxLink::write(const std::string& line) {
  writer_.append(line);
  interval_.expect_soon();
}

// If it does come back it finds that it is not wanted.
void MailboxLink::give_up(const std::string& why) {
  say_leave();
  over_ = is_leaving() ? Transport::End{"interrupted", leaving_} : Transport::End{"silence", why};
}

std::string MailboxLink::connect(bool portable) {
  connection_ = fmt::format("{}/{}", run_, ++connections_);
  is_silent_ = true;
  unread_.clear();
  in_hand_.reset();
  ended_.reset();
  write(fmt::format("connect {} {}", connection_, portable ? "portable" : "native"));
  return connection_;
}

void MailboxLink::send(const std::string& connection, const std::vector<std::string>& lines) {
  if (connection != connection_) return;
  for (const std::string& line : lines) writer_.add(fmt::format("line {} {}", connection, line));
  last_sent_ = writer_.last_number();
  writer_.flush();  // what can't be written now is tried again at every look
  interval_.expect_soon();
}

void MailboxLink::drop(const std::string& connection) {
  if (connection != connection_ || is_over()) return;
  if (!ended_ && !was_told_to_leave_) write(fmt::format("drop {}", connection));
  connection_.clear();
}

void MailboxLink::say_leave() {
  if (!is_over() && !std::exchange(was_told_to_leave_, true)) write("leave");
}

bool MailboxLink::take(const std::string& connection, std::string& buffer) {
  if (connection != connection_) return false;
  buffer += std::exchange(unread_, {});
  return !ended_ && !over_;
}

Transport::End MailboxLink::end() const { return ended_ ? *ended_ : over_.value_or(Transport::End{"exit", "it was dropped"}); }

}  // namespace latentgrid
