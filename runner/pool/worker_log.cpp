#include "pool/worker_log.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include "protocol/line_file.hpp"
#include "protocol/task_log.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix_of_logs = "worker-", suffix_of_logs = ".log";

bool is_worker_log(const std::string& name) {
  return name.size() > prefix_of_logs.size() + suffix_of_logs.size() && name.starts_with(prefix_of_logs) && name.ends_with(suffix_of_logs);
}

}  // namespace

std::string WorkerLog::worker() const {
  const std::string name = file_.filename();
  return is_worker_log(name) ? name.substr(prefix_of_logs.size(), name.size() - prefix_of_logs.size() - suffix_of_logs.size()) : name;
}

void WorkerLog::read() {
  const std::string bytes = protocol::LineReader::bytes_from(file_, offset_);
  std::size_t start = 0;
  for (std::size_t end; (end = bytes.find('\n', start)) != std::string::npos; start = end + 1) {
    read_line(bytes.substr(start, end - start), offset_ + start, offset_ + end + 1);
  }
  offset_ += start;
}

void WorkerLog::read_line(const std::string& line, std::uint64_t start, std::uint64_t end) {
  const std::optional<protocol::LogMark> mark = protocol::parse_mark(line);
  if (!mark) {
    if (current()) tasks_.back().to = end;
    return;
  }
  if (const auto* starts = std::get_if<protocol::WorkerStarts>(&mark->what)) {
    close_task();
    process_ = {starts->process, starts->host, starts->place, mark->time};
  } else if (const auto* begins = std::get_if<protocol::TaskBegins>(&mark->what)) {
    close_task();
    tasks_.push_back({begins->stage, begins->key, begins->attempt, process_ ? process_->place : "", mark->time, "", "", true, end, end, begins->extents});
  } else {
    const auto& ends = std::get<protocol::TaskEnds>(mark->what);
    if (!current() || tasks_.back().key != ends.key || tasks_.back().stage != ends.stage) return;
    tasks_.back().to = start;
    tasks_.back().ended = mark->time;
    tasks_.back().how = ends.how;
    close_task();
  }
}

void WorkerLog::close_task() {
  if (!tasks_.empty()) tasks_.back().open = false;
}

const LoggedTask* WorkerLog::current() const { return !tasks_.empty() && tasks_.back().open ? &tasks_.back() : nullptr; }

std::string WorkerLog::text(const LoggedTask& task, std::uint64_t from) const {
  from = std::max(from, task.from);
  if (from >= task.to) return "";
  std::string bytes = protocol::LineReader::bytes_from(file_, from);
  bytes.resize(std::min<std::uint64_t>(bytes.size(), task.to - from));
  return bytes;
}

std::vector<WorkerLog> worker_logs(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (is_worker_log(entry.path().filename())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return {files.begin(), files.end()};
}

}  // namespace latentgrid
