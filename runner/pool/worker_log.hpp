#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace latentgrid {

// A task in a worker's log, from the line that says that it begins to the one that says that it ends.
struct LoggedTask {
  std::string stage, key;
  int attempt = 1;
  std::string place;               // of its worker, in words, if a scheduler has started that: "on n2 (Slurm job 4711_3)"
  std::string began;               // UTC
  std::string ended;               // "" where no line says so: it is open, or its worker was ended
  std::string how;                 // "done", "interrupted", "failed (KIND): MESSAGE"
  bool open = false;               // nothing says that it does not go on
  std::uint64_t from = 0, to = 0;  // the bytes between these lines, as far as they have come
  std::string extents = {};        // "10, 20": what it was to publish; "" where it has none, or an older version wrote the log
};

struct LoggedProcess {
  std::int64_t process = 0;
  std::string host;
  std::string place;  // as above
  std::string since;  // UTC
};

// What a worker's log says of its tasks (protocol/task_log.hpp), and what was printed meanwhile. One thread.
class WorkerLog {
 public:
  explicit WorkerLog(std::filesystem::path file) : file_(std::move(file)) {}

  void read();  // what has come since the last time

  const std::filesystem::path& file() const { return file_; }
  std::string worker() const;  // "lab-77-1764424800123", or the slot of a run on one machine: "0"
  const std::vector<LoggedTask>& tasks() const { return tasks_; }  // in the order of the file
  const std::optional<LoggedProcess>& process() const { return process_; }  // that wrote last
  const LoggedTask* current() const;  // the open one, or null

  // What was printed while that task ran, from a byte of the file on.
  std::string text(const LoggedTask& task, std::uint64_t from) const;

 private:
  void read_line(const std::string& line, std::uint64_t start, std::uint64_t end);
  void close_task();

  std::filesystem::path file_;
  std::uint64_t offset_ = 0;  // behind the last whole line
  std::vector<LoggedTask> tasks_;
  std::optional<LoggedProcess> process_;
};

// Of all workers that ever wrote one, by name.
std::vector<WorkerLog> worker_logs(const std::filesystem::path& folder);

}  // namespace latentgrid
