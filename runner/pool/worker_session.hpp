#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "pool/executor.hpp"
#include "pool/transport.hpp"

namespace latentgrid {

// One worker and what is said between it and the coordinator: hello, one task at a time, its end. A lost worker is
// replaced when the next task comes; a task that it has not seen yet goes to the next one at once, or is returned where there
// is none. Nothing blocks.
class WorkerSession {
 public:
  // To a new worker, whose libraries keep to AVX2 if so; nothing where there is none.
  using Connect = std::function<std::unique_ptr<Transport>(bool portable)>;

  WorkerSession(WorkerOptions options, std::filesystem::path log, Connect connect, const Clock& clock);

  bool has_task() const { return task_.has_value(); }
  std::int64_t threads() const { return task_ ? task_->threads : 0; }  // that its task has
  bool is_connected() const { return transport_ != nullptr; }
  bool is_ready() const { return transport_ && said_hello_; }
  int descriptor() const { return transport_->descriptor(); }  // of a connected one, see Transport
  const std::string& device() const { return device_; }        // of its last task on a GPU, where it keeps memory

  // Whether a connected one's worker was started in the arithmetic that the task asks for.
  bool fits(const protocol::Run& run) const { return run.arithmetic.empty() || (run.arithmetic == "portable") == portable_; }

  // To a worker before there is a task for it.
  void open();
  // Needs has_task() false. A worker of the other arithmetic is ended first. `threads`: lent to it, see share().
  void submit(const protocol::Run& run, std::int64_t threads = 1);
  // Ignored unless it has this task.
  void share(std::int64_t task, std::int64_t threads);

  // What the worker has said, or how it was lost; of one that is connected. Throws Error if no worker can be used at all: it was built with other
  // stage versions, or ended before its hello again and again.
  void receive(std::vector<ExecutorEvent>& events);
  // A task that takes too long or too much memory loses its worker.
  void enforce_limits(std::vector<ExecutorEvent>& events);

  void stop();       // asks the worker to end after its current batch
  void terminate();  // ends it now

 private:
  void connect();
  void reconnect(std::vector<ExecutorEvent>& events);
  void send(const protocol::CoordinatorMessage& message);
  void send_task();
  bool handle(std::string_view line, std::vector<ExecutorEvent>& events);  // false: the worker is lost
  void check(const protocol::Hello& hello) const;
  std::string where() const;  // " on n2 (Slurm job 4711_3)", or nothing
  std::string memory_advice() const;
  void lost(const std::string& kind, const std::string& message, std::vector<ExecutorEvent>& events);

  WorkerOptions options_;
  std::filesystem::path log_;
  Connect connect_;
  const Clock& clock_;
  std::unique_ptr<Transport> transport_;
  std::string buffer_;  // of a line that is not whole yet
  std::string device_;
  std::optional<protocol::Run> task_;
  std::int64_t shared_threads_ = 1;
  double sent_at_ = 0;
  bool said_hello_ = false;
  bool sent_ = false;  // the task
  bool stopping_ = false;
  bool portable_ = false;
  int ends_without_hello_ = 0;
};

}  // namespace latentgrid
