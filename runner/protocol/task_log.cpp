#include "protocol/task_log.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace latentgrid::protocol {

namespace {

constexpr std::string_view log_name = "latentgrid ", starts_word = "worker starts: process ", begins_word = "task begins: ", ends_word = "task ends: ", before_place = "; ", before_extents = ", to ";

std::string in_words(const WorkerStarts& m) { return fmt::format("{}{} on {}{}{}", starts_word, m.process, m.host, m.place.empty() ? "" : before_place, m.place); }
std::string in_words(const TaskBegins& m) {
  return fmt::format("{}{} {} attempt {}{}{}", begins_word, m.stage, m.key, m.attempt, m.extents.empty() ? "" : before_extents, m.extents);
}
std::string in_words(const TaskEnds& m) { return fmt::format("{}{} {} attempt {}: {}", ends_word, m.stage, m.key, m.attempt, m.how); }

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Up to a separator, which goes too; all of it where there is none.
std::string take_until(std::string_view& text, std::string_view separator) {
  const std::size_t at = std::min(text.find(separator), text.size());
  std::string word(text.substr(0, at));
  text.remove_prefix(std::min(at + separator.size(), text.size()));
  return word;
}

template <typename Number>
bool is_number(const std::string& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::string how_it_ended(const WorkerMessage& end) {
  const auto* failed = std::get_if<Failed>(&end);
  if (!failed) return "done";
  return failed->kind == "interrupted" ? failed->kind : fmt::format("failed ({}): {}", failed->kind, failed->message);
}

}  // namespace

std::string mark_line(const LogMark& mark) {
  std::string line = fmt::format("{}{} {}", log_name, mark.time, std::visit([](const auto& m) { return in_words(m); }, mark.what));
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line + '\n';
}

std::optional<LogMark> parse_mark(std::string_view line) {
  LogMark mark;
  if (!take(line, log_name)) return std::nullopt;
  mark.time = take_until(line, " ");
  if (take(line, starts_word)) {
    WorkerStarts starts;
    if (!is_number(take_until(line, " on "), starts.process)) return std::nullopt;
    starts.host = take_until(line, before_place);
    starts.place = line;
    mark.what = starts;
    return mark;
  }
  const bool begins = take(line, begins_word);
  if (!begins && !take(line, ends_word)) return std::nullopt;
  TaskEnds task;
  task.stage = take_until(line, " ");
  task.key = take_until(line, " ");
  if (!take(line, "attempt ") || !is_number(take_until(line, begins ? before_extents : ": "), task.attempt)) return std::nullopt;
  if (begins) {
    mark.what = TaskBegins{task.stage, task.key, task.attempt, std::string(line)};
  } else {
    task.how = line;
    mark.what = task;
  }
  return mark;
}

void TaskLog::write(decltype(LogMark::what) what) const {
  const std::string line = mark_line({clock_.utc_timestamp(), std::move(what)});
  if (::write(file_, line.data(), line.size()) < 0) return;  // without a log it works as well
  if (synced_) ::fdatasync(file_);
}

void TaskLog::starts(const std::string& place) const {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  write(WorkerStarts{::getpid(), host, place});
}

void TaskLog::begins(const Run& task) const {
  const bool has_none = task.extents == std::vector<std::int64_t>{0};
  write(TaskBegins{task.stage, task.key, task.attempt, has_none ? "" : fmt::format("{}", fmt::join(task.extents, ", "))});
}

void TaskLog::ends(const Run& task, const WorkerMessage& end) const {
  write(TaskEnds{task.stage, task.key, task.attempt, how_it_ended(end)});
}

}  // namespace latentgrid::protocol
