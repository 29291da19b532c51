#include "pool/local_executor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "pool/local_gpus.hpp"
#include "pool/pipe.hpp"

namespace latentgrid {

LocalExecutor::LocalExecutor(const ExecutorOptions& options, const Clock& clock)
    : gpu_slots_(static_cast<std::size_t>(visible_gpus()), options.tasks_per_gpu) {
  std::filesystem::create_directories(options.logs);
  const std::vector<std::string> argv = {options.worker.program.string(), "--results", options.results.string(), "--run",
                                         options.run, "--parent", std::to_string(::getpid())};
  for (int slot = 0; slot < options.slots; ++slot) {
    const std::filesystem::path log = options.logs / fmt::format("worker-{}.log", slot);
    sessions_.emplace_back(options.worker, log, [argv, log](bool portable) {
      std::vector<std::string> all = argv;
      if (portable) all.push_back("--portable");
      return std::make_unique<Pipe>(all, log);
    }, clock);
  }
}

// All are told before the first is waited for.
LocalExecutor::~LocalExecutor() { stop(); }

int LocalExecutor::free_slots() const {
  return static_cast<int>(std::count_if(sessions_.begin(), sessions_.end(), [](const auto& s) { return !s.has_task(); }));
}

int LocalExecutor::free_threads() const {
  int free = slots();
  for (const WorkerSession& session : sessions_) free -= static_cast<int>(session.threads());
  return free;
}

// One that has run on the device before a new one, and that before one that keeps memory of a GPU, or would be a second
// one to; the last choice is one that has to be started anew in the other arithmetic.
WorkerSession* LocalExecutor::idle_session(const protocol::Run& run) {
  WorkerSession* chosen = nullptr;
  auto rank = [&](const WorkerSession& s) {
    if (!s.is_connected()) return 2;
    if (!s.fits(run)) return 0;
    return s.device() == run.device ? 3 : 1;
  };
  for (WorkerSession& session : sessions_) {
    if (!session.has_task() && (!chosen || rank(session) > rank(*chosen))) chosen = &session;
  }
  return chosen;
}

void LocalExecutor::submit(const protocol::Run& run, double /*expected_s*/) {
  WorkerSession* session = idle_session(run);
  if (!session) throw Error("internal error: a task was submitted while every worker is busy");
  session->submit(run);
}

void LocalExecutor::share(std::int64_t task, std::int64_t threads) {
  for (WorkerSession& session : sessions_) session.share(task, threads);
}

std::vector<ExecutorEvent> LocalExecutor::wait(double timeout_s, int wake_fd) {
  std::vector<pollfd> polled{{wake_fd, POLLIN, 0}};
  std::vector<WorkerSession*> connected;
  for (WorkerSession& session : sessions_) {
    if (!session.is_connected()) continue;
    polled.push_back({session.descriptor(), POLLIN, 0});
    connected.push_back(&session);
  }
  timespec timeout{static_cast<time_t>(timeout_s), static_cast<long>(std::fmod(timeout_s, 1.0) * 1e9)};
  std::vector<ExecutorEvent> events;
  const int ready = ::ppoll(polled.data(), polled.size(), &timeout, nullptr);
  for (std::size_t i = 0; ready > 0 && i < connected.size(); ++i) {
    if (polled[i + 1].revents) connected[i]->receive(events);
  }
  for (WorkerSession& session : sessions_) session.enforce_limits(events);
  return events;
}

void LocalExecutor::stop() {
  for (WorkerSession& session : sessions_) session.stop();
}

void LocalExecutor::terminate() {
  for (WorkerSession& session : sessions_) session.terminate();
}

}  // namespace latentgrid
