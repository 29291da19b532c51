#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "base/clock.hpp"
#include "pool/child_process.hpp"
#include "pool/executor.hpp"

namespace latentgrid {

struct LocalExecutorOptions {
  std::filesystem::path worker;   // the latentgrid-worker program
  std::filesystem::path results;  // its --results
  std::filesystem::path logs;     // one worker-<slot>.log each
  int slots = 1;
  std::vector<int> gpu_slots;        // see Executor
  double task_timeout_s = 0;         // 0: none
  std::int64_t memory_limit_kb = 0;  // resident size of one worker; 0: none
  std::map<std::string, int> stages;  // stage versions a worker must have
};

// Child processes on this machine. Workers are started when the first task comes and replaced when they are lost.
class LocalExecutor : public Executor {
 public:
  LocalExecutor(LocalExecutorOptions options, const Clock& clock);
  ~LocalExecutor() override;

  int slots() const override { return options_.slots; }
  int free_slots() const override;
  std::vector<int> gpu_slots() const override { return options_.gpu_slots; }
  void submit(const protocol::Run& run) override;
  void share(std::int64_t task, std::int64_t threads) override;
  std::vector<ExecutorEvent> wait(double timeout_s, int wake_fd) override;
  void stop() override;
  void terminate() override;

 private:
  struct Worker {
    std::unique_ptr<ChildProcess> process;
    std::string buffer;
    std::string device;  // of its last task on a GPU, where it keeps memory
    bool said_hello = false;
    std::optional<protocol::Run> task;
    bool sent = false;
    std::int64_t shared_threads = 1;
    double started = 0;
    int starts_without_hello = 0;
  };

  Worker* idle_worker(const std::string& device);
  void start(int slot);
  void send_task(Worker& worker);
  void send(Worker& worker, const protocol::CoordinatorMessage& message);
  void read(int slot, std::vector<ExecutorEvent>& events);
  void handle_line(int slot, std::string_view line, std::vector<ExecutorEvent>& events);
  void check_hello(const protocol::Hello& hello) const;
  void lost(int slot, const char* kind, const std::string& message, std::vector<ExecutorEvent>& events);
  void enforce_limits(std::vector<ExecutorEvent>& events);
  std::filesystem::path log_of(int slot) const;

  LocalExecutorOptions options_;
  const Clock& clock_;
  std::vector<Worker> workers_;
  bool stopping_ = false;
};

}  // namespace latentgrid
