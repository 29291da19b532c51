#include "pool/worker_session.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr int starts_before_giving_up = 3;
constexpr std::size_t longest_line = 16 << 20;

}  // namespace

WorkerSession::WorkerSession(WorkerOptions options, std::filesystem::path log, Connect connect, const Clock& clock)
    : options_(std::move(options)), log_(std::move(log)), connect_(std::move(connect)), clock_(clock) {}

void WorkerSession::connect() {
  buffer_.clear();
  said_hello_ = false;
  transport_ = connect_(portable_);
}

void WorkerSession::open() {
  if (!transport_) connect();
}

void WorkerSession::submit(const protocol::Run& run, std::int64_t threads) {
  task_ = run;
  sent_ = false;
  shared_threads_ = threads;
  if (!fits(run)) transport_.reset();
  if (!transport_) {
    device_.clear();
    portable_ = run.arithmetic == "portable";
    connect();
  }
  if (!run.device.empty()) device_ = run.device;
  if (said_hello_) send_task();
}

void WorkerSession::send(const protocol::CoordinatorMessage& message) { transport_->write_line(protocol::encode(message)); }

void WorkerSession::send_task() {
  sent_ = true;
  sent_at_ = clock_.monotonic_seconds();
  std::vector<std::string> lines = {protocol::encode(*task_)};
  if (shared_threads_ > 1) lines.push_back(protocol::encode(protocol::Share{task_->task, shared_threads_}));
  transport_->write_lines(lines);
}

void WorkerSession::share(std::int64_t task, std::int64_t threads) {
  if (!task_ || task_->task != task || shared_threads_ == threads) return;
  shared_threads_ = threads;
  if (sent_) send(protocol::Share{task, threads});
}

void WorkerSession::receive(std::vector<ExecutorEvent>& events) {
  const bool open = transport_->read(buffer_);
  std::size_t start = 0;
  for (std::size_t end; (end = buffer_.find('\n', start)) != std::string::npos; start = end + 1) {
    if (!handle(std::string_view(buffer_).substr(start, end - start), events)) return;
  }
  buffer_.erase(0, start);
  if (buffer_.size() > longest_line) return lost("protocol", "a line without end", events);
  if (open) return;
  const Transport::End end = transport_->end();
  if (end.unread) sent_ = false;
  lost(end.kind, end.message + (end.killed_by_others ? memory_advice() : ""), events);
}

bool WorkerSession::handle(std::string_view line, std::vector<ExecutorEvent>& events) {
  std::optional<protocol::WorkerMessage> message;
  try {
    message = protocol::decode_worker_message(line);
  } catch (const Error& error) {
    lost("protocol", error.what(), events);
    return false;
  }
  return std::visit(
      [&](const auto& said) {
        using Message = std::decay_t<decltype(said)>;
        if constexpr (std::is_same_v<Message, protocol::Hello>) {
          check(said);
          said_hello_ = true;
          ends_without_hello_ = 0;
          if (task_ && !sent_ && !stopping_) send_task();
        } else if (!task_ || !sent_ || said.task != task_->task) {
          lost("protocol", fmt::format("it was not given the task that it speaks of: {}", line.substr(0, 200)), events);
          return false;
        } else {
          if (std::is_same_v<Message, protocol::Done> || std::is_same_v<Message, protocol::Failed>) task_.reset();
          events.emplace_back(said);
          if constexpr (std::is_same_v<Message, protocol::Failed>) {
            const std::string at = where();
            std::get<protocol::Failed>(events.back()).worker = fmt::format("log{}: {}", at.empty() ? at : " of the worker" + at, log_.string());
          }
        }
        return true;
      },
      *message);
}

void WorkerSession::check(const protocol::Hello& hello) const {
  if (hello.protocol == protocol::version && hello.stages == options_.stages) return;
  std::string differing;
  for (const auto& [stage, version] : options_.stages) {
    auto found = hello.stages.find(stage);
    if (found == hello.stages.end() || found->second != version) differing += " " + stage;
  }
  throw Error(fmt::format(
      "{} was built from other sources than this program (protocol {} here, {} there; stages that differ:{})\n"
      "  hint: build both again; a worker with other stage versions would write under stale keys",
      options_.program.string(), protocol::version, hello.protocol, differing));
}

std::string WorkerSession::where() const {
  const std::string where = transport_ ? transport_->where() : "";
  return where.empty() ? where : " " + where;
}

std::string WorkerSession::memory_advice() const {
  const std::string runs_out = ", as the system does when memory runs out";
  return task_ && options_.memory_advice ? runs_out + ": " + options_.memory_advice(task_->stage) : runs_out;
}

void WorkerSession::lost(const std::string& kind, const std::string& message, std::vector<ExecutorEvent>& events) {
  const std::string at = where();
  transport_.reset();
  if (!said_hello_ && !stopping_ && ++ends_without_hello_ >= starts_before_giving_up) {
    throw Error(fmt::format("{} cannot start ({}), tried {} times\n  hint: see {}; `latentgrid doctor` says more",
                            options_.program.string(), message, starts_before_giving_up, log_.string()));
  }
  if (!task_) return;
  if (!sent_ && !stopping_) return reconnect(events);  // it never saw the task: not an attempt
  events.emplace_back(WorkerLost{task_->task, kind, fmt::format("the worker{} ended: {}; see {}", at, message, log_.string())});
  task_.reset();
}

void WorkerSession::reconnect(std::vector<ExecutorEvent>& events) {
  connect();
  if (transport_) return;
  events.emplace_back(TaskReturned{task_->task});
  task_.reset();
}

void WorkerSession::enforce_limits(std::vector<ExecutorEvent>& events) {
  if (!task_ || !sent_) return;
  if (options_.task_timeout_s > 0 && clock_.monotonic_seconds() - sent_at_ > options_.task_timeout_s) {
    lost("timeout", fmt::format("it took longer than {} s", options_.task_timeout_s), events);
  } else if (options_.memory_limit_kb > 0 && transport_->resident_kb() > options_.memory_limit_kb) {
    lost("memory", fmt::format("it took more than {} MiB", options_.memory_limit_kb / 1024), events);
  }
}

void WorkerSession::stop() {
  stopping_ = true;
  if (transport_) send(protocol::Stop{});
}

void WorkerSession::terminate() {
  transport_.reset();
  task_.reset();
}

}  // namespace latentgrid
