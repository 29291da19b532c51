#include "pool/mailbox.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/json.hpp"

namespace latentgrid {

namespace {

std::int64_t number_in(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

WorkerPlace place_in(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  return {json.value("host", std::string()), json.value("cores", 1), json.value("gpus", 0), json.value("scheduler_id", std::string()),
          json.value("crew", std::string()), json.value("index", 0)};
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
  if (!lines.empty()) watch_.forgive();
  if (const double now = clock_.monotonic_seconds(); now >= next_watch_ || !lines.empty()) {
    next_watch_ = now + seconds_between_beats;
    silence_s_ = watch_.silence_s();
  }
}

void MailboxLink::read(const std::string& line) {
  const auto [word, rest] = first_word(line);
  if (word == "joined") {
    place_ = place_in(rest);
  } else if (word == "left") {
    const auto [number, message] = first_word(rest);
    over_ = {"exit", std::string(message), number_in(number) < last_sent_};
  } else {
    const auto [connection, text] = first_word(rest);
    if (connection != connection_ || ended_) return;  // to a coordinator before this one, or a process that was dropped
    if (word == "line") {
      unread_.append(text).push_back('\n');
    } else if (word == "ended") {
      const auto [kind, message] = first_word(text);
      ended_ = {std::string(kind), std::string(message)};
    }
  }
}

void MailboxLink::write(const std::string& line) {
  writer_.append(line);  // what can't be written now is tried again at every look
  interval_.expect_soon();
}

void MailboxLink::give_up(const std::string& why) { over_ = {"silence", why}; }

std::string MailboxLink::connect(bool portable) {
  connection_ = fmt::format("{}/{}", run_, ++connections_);
  unread_.clear();
  ended_.reset();
  write(fmt::format("connect {} {}", connection_, portable ? "portable" : "native"));
  return connection_;
}

void MailboxLink::send(const std::string& connection, const std::string& line) {
  if (connection != connection_) return;
  write(fmt::format("line {} {}", connection, line));
  last_sent_ = writer_.last_number();
}

void MailboxLink::drop(const std::string& connection) {
  if (connection != connection_ || is_over()) return;
  if (!ended_) write(fmt::format("drop {}", connection));
  connection_.clear();
}

void MailboxLink::say_leave() {
  if (!is_over()) write("leave");
}

bool MailboxLink::take(const std::string& connection, std::string& buffer) {
  if (connection != connection_) return false;
  buffer += std::exchange(unread_, {});
  return !ended_ && !over_;
}

Transport::End MailboxLink::end() const { return ended_ ? *ended_ : over_.value_or(Transport::End{"exit", "it was dropped"}); }

}  // namespace latentgrid
