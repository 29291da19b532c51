#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "protocol/messages.hpp"

namespace latentgrid::protocol {

// Lines by which a worker says in its log what it does, among all that libraries print there:
//   latentgrid 2026-11-29T14:00:01.123Z worker starts: process 77 on lab; on n2 (Slurm job 4711_3)
//   latentgrid 2026-11-29T14:00:02.456Z task begins: train <key> attempt 1, to 10, 20
//   latentgrid 2026-11-29T14:05:03.789Z task ends: train <key> attempt 1: failed (diverged): the loss is not finite
// A task without an end runs, or its worker was ended.
struct WorkerStarts {
  std::int64_t process = 0;
  std::string host;
  std::string place;  // in words, of one that a scheduler has started
};
struct TaskBegins {
  std::string stage, key;
  int attempt = 1;
  std::string extents;  // "10, 20"; "" of stages that have none
};
struct TaskEnds {
  std::string stage, key;
  int attempt = 1;
  std::string how;  // "done", "interrupted", "failed (KIND): MESSAGE"
};
struct LogMark {
  std::string time;
  std::variant<WorkerStarts, TaskBegins, TaskEnds> what;
};

std::string mark_line(const LogMark& mark);  // with its newline
std::optional<LogMark> parse_mark(std::string_view line);  // nothing for any other line

// Writes them, each at once; none of it can fail a task.
class TaskLog {
 public:
  // `synced`: others read it over a network, and are to see what a worker does while it does it.
  TaskLog(int file, bool synced, const Clock& clock) : file_(file), synced_(synced), clock_(clock) {}

  void starts(const std::string& place) const;
  void begins(const Run& task) const;
  void ends(const Run& task, const WorkerMessage& end) const;

 private:
  void write(decltype(LogMark::what) what) const;

  int file_;
  bool synced_;
  const Clock& clock_;
};

}  // namespace latentgrid::protocol
