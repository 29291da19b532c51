#include "pool/local_executor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr int starts_before_giving_up = 3;
constexpr std::size_t longest_line = 16 << 20;

// The coordinator's own kills don't come this way.
constexpr const char* memory_advice =
    ", as the system does when memory runs out: fewer workers at once (-j) need less, and --worker-memory MIB ends one "
    "that "
    "takes too much";

std::int64_t resident_kb(pid_t pid) {
  std::string path = fmt::format("/proc/{}/statm", pid);
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (!file) return 0;
  long total = 0, resident = 0;
  int fields = std::fscanf(file, "%ld %ld", &total, &resident);
  std::fclose(file);
  return fields == 2 ? resident * (::sysconf(_SC_PAGESIZE) / 1024) : 0;
}

}  // namespace

LocalExecutor::LocalExecutor(LocalExecutorOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock), workers_(static_cast<std::size_t>(options_.slots)) {
  std::filesystem::create_directories(options_.logs);
}

LocalExecutor::~LocalExecutor() {
  for (Worker& worker : workers_) {
    if (worker.process) worker.process->close_input();
  }
}

int LocalExecutor::free_slots() const {
  return static_cast<int>(
      std::count_if(workers_.begin(), workers_.end(), [](const Worker& worker) { return !worker.task; }));
}

std::filesystem::path LocalExecutor::log_of(int slot) const { return options_.logs / fmt::format("worker-{}.log", slot); }

void LocalExecutor::start(int slot) {
  Worker& worker = workers_[slot];
  worker.buffer.clear();
  worker.device.clear();
  worker.said_hello = false;
  worker.process = std::make_unique<ChildProcess>(
      std::vector<std::string>{options_.worker.string(), "--results", options_.results.string(), "--parent",
                               std::to_string(::getpid())},
      log_of(slot));
}

// One that has run on the device before a new one, and that before one that keeps memory of a GPU, or would be a second
// one to.
LocalExecutor::Worker* LocalExecutor::idle_worker(const std::string& device) {
  Worker* chosen = nullptr;
  auto rank = [&](const Worker& worker) { return !worker.process ? 1 : worker.device == device ? 2 : 0; };
  for (Worker& worker : workers_) {
    if (!worker.task && (!chosen || rank(worker) > rank(*chosen))) chosen = &worker;
  }
  return chosen;
}

void LocalExecutor::submit(const protocol::Run& run) {
  Worker* chosen = idle_worker(run.device);
  if (!chosen) throw Error("internal error: a task was submitted while every worker is busy");
  chosen->task = run;
  chosen->sent = false;
  chosen->shared_threads = 1;
  if (!chosen->process) start(static_cast<int>(chosen - workers_.data()));
  if (!run.device.empty()) chosen->device = run.device;
  if (chosen->said_hello) send_task(*chosen);
}

void LocalExecutor::send_task(Worker& worker) {
  worker.sent = true;
  worker.started = clock_.monotonic_seconds();
  send(worker, *worker.task);
  if (worker.shared_threads > 1) send(worker, protocol::Share{worker.task->task, worker.shared_threads});
}

// A worker that is gone shows as end of file on its output; the failed write needs no handling of its own.
void LocalExecutor::send(Worker& worker, const protocol::CoordinatorMessage& message) {
  worker.process->write_line(protocol::encode(message));
}

void LocalExecutor::share(std::int64_t task, std::int64_t threads) {
  for (Worker& worker : workers_) {
    if (!worker.task || worker.task->task != task || worker.shared_threads == threads) continue;
    worker.shared_threads = threads;
    if (worker.sent && worker.process) send(worker, protocol::Share{task, threads});
  }
}

std::vector<ExecutorEvent> LocalExecutor::wait(double timeout_s, int wake_fd) {
  std::vector<pollfd> polled{{wake_fd, POLLIN, 0}};
  std::vector<int> slot_of{-1};
  for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
    if (!workers_[slot].process) continue;
    polled.push_back({workers_[slot].process->output(), POLLIN, 0});
    slot_of.push_back(static_cast<int>(slot));
  }
  timespec timeout{static_cast<time_t>(timeout_s), static_cast<long>(std::fmod(timeout_s, 1.0) * 1e9)};
  std::vector<ExecutorEvent> events;
  int ready = ::ppoll(polled.data(), polled.size(), &timeout, nullptr);
  for (std::size_t i = 1; ready > 0 && i < polled.size(); ++i) {
    if (polled[i].revents) read(slot_of[i], events);
  }
  enforce_limits(events);
  return events;
}

void LocalExecutor::read(int slot, std::vector<ExecutorEvent>& events) {
  Worker& worker = workers_[slot];
  ChildProcess::ReadResult result = worker.process->read_some(worker.buffer);
  std::size_t start = 0;
  for (std::size_t end; (end = worker.buffer.find('\n', start)) != std::string::npos; start = end + 1) {
    std::string line = worker.buffer.substr(start, end - start);
    handle_line(slot, line, events);
    if (!worker.process) return;
  }
  worker.buffer.erase(0, start);
  if (worker.buffer.size() > longest_line) return lost(slot, "protocol", "a line without end", events);
  if (result == ChildProcess::ReadResult::end_of_file) {
    worker.process->close_input();
    std::string how = worker.process->wait();
    const bool killed = worker.process->killed_by_signal();
    if (killed && how.starts_with("killed by signal 9 ")) how += memory_advice;
    lost(slot, killed ? "signal" : "exit", how, events);
  }
}

void LocalExecutor::handle_line(int slot, std::string_view line, std::vector<ExecutorEvent>& events) {
  Worker& worker = workers_[slot];
  std::optional<protocol::WorkerMessage> message;
  try {
    message = protocol::decode_worker_message(line);
  } catch (const Error& error) {
    return lost(slot, "protocol", error.what(), events);
  }
  if (auto* hello = std::get_if<protocol::Hello>(&*message)) {
    check_hello(*hello);
    worker.said_hello = true;
    worker.starts_without_hello = 0;
    if (worker.task && !worker.sent && !stopping_) send_task(worker);
    return;
  }
  if (auto* progress = std::get_if<protocol::Progress>(&*message)) events.emplace_back(*progress);
  if (auto* artifact = std::get_if<protocol::ArtifactReady>(&*message)) events.emplace_back(*artifact);
  if (auto* done = std::get_if<protocol::Done>(&*message)) {
    worker.task.reset();
    events.emplace_back(*done);
  }
  if (auto* failed = std::get_if<protocol::Failed>(&*message)) {
    worker.task.reset();
    events.emplace_back(*failed);
  }
}

void LocalExecutor::check_hello(const protocol::Hello& hello) const {
  if (hello.protocol == protocol::version && hello.stages == options_.stages) return;
  std::string differing;
  for (const auto& [stage, version] : options_.stages) {
    auto found = hello.stages.find(stage);
    if (found == hello.stages.end() || found->second != version) differing += " " + stage;
  }
  throw Error(fmt::format(
      "{} was built from other sources than this program (protocol {} here, {} there; stages that differ:{})\n"
      "  hint: build both again; a worker with other stage versions would write under stale keys",
      options_.worker.string(), protocol::version, hello.protocol, differing));
}

void LocalExecutor::lost(int slot, const char* kind, const std::string& message, std::vector<ExecutorEvent>& events) {
  Worker& worker = workers_[slot];
  bool hello = worker.said_hello;
  std::optional<protocol::Run> task = std::exchange(worker.task, std::nullopt);
  bool sent = worker.sent;
  worker.process.reset();
  if (!hello && !stopping_ && ++worker.starts_without_hello >= starts_before_giving_up) {
    throw Error(fmt::format("{} cannot start ({}), tried {} times\n  hint: see {}; `latentgrid doctor` says more",
                            options_.worker.string(), message, starts_before_giving_up, log_of(slot).string()));
  }
  if (!task) return;
  if (!sent && !stopping_) {  // it never saw the task: not an attempt
    worker.task = std::move(task);
    worker.sent = false;
    start(slot);
    return;
  }
  events.emplace_back(WorkerLost{task->task, kind, fmt::format("the worker ended: {}; see {}", message, log_of(slot).string())});
}

void LocalExecutor::enforce_limits(std::vector<ExecutorEvent>& events) {
  for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
    Worker& worker = workers_[slot];
    if (!worker.process || !worker.task || !worker.sent) continue;
    if (options_.task_timeout_s > 0 && clock_.monotonic_seconds() - worker.started > options_.task_timeout_s) {
      lost(static_cast<int>(slot), "timeout", fmt::format("it took longer than {} s", options_.task_timeout_s), events);
    } else if (options_.memory_limit_kb > 0 && resident_kb(worker.process->pid()) > options_.memory_limit_kb) {
      lost(static_cast<int>(slot), "memory", fmt::format("it took more than {} MiB", options_.memory_limit_kb / 1024), events);
    }
  }
}

void LocalExecutor::stop() {
  stopping_ = true;
  for (Worker& worker : workers_) {
    if (worker.process) send(worker, protocol::Stop{});
  }
}

void LocalExecutor::terminate() {
  for (Worker& worker : workers_) {
    worker.process.reset();
    worker.task.reset();
  }
}

}  // namespace latentgrid
