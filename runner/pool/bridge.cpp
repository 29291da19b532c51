#include "pool/bridge.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/cores.hpp"
#include "base/error.hpp"
#include "pool/local_gpus.hpp"

namespace latentgrid {

namespace {

std::string host_name() {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return host;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// As Slurm prints it; other schedulers have one number.
std::string scheduler_id() {
  if (const std::string array = environment("SLURM_ARRAY_JOB_ID"); !array.empty()) return array + "_" + environment("SLURM_ARRAY_TASK_ID");
  for (const char* name : {"SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"}) {
    if (const std::string id = environment(name); !id.empty()) return id;
  }
  return "";
}

// Of the machine's, those that a scheduler has given to this job, whether it binds processes to them or not.
int cores() {
  for (const char* name : {"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE", "NSLOTS", "LSB_DJOB_NUMPROC", "PBS_NCPUS", "NCPUS"}) {
    if (const int given = std::atoi(environment(name).c_str()); given > 0) return std::min(given, usable_cores());
  }
  return usable_cores();
}

// Signals that ask a process to end, as something to poll.
int asked_to_leave() {
  static const int descriptor = [] {
    sigset_t signals;
    sigemptyset(&signals);
    for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  }();
  return descriptor;
}

bool includes(std::vector<std::int64_t> all, std::vector<std::int64_t> some) {
  std::sort(all.begin(), all.end());
  std::sort(some.begin(), some.end());
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// Schedulers send the signals that ask a job to end to all its processes.
bool was_asked_to_end(const Transport::End& end) { return end.message.find("(Terminated)") != std::string::npos; }

std::string with_task(protocol::WorkerMessage message, std::int64_t task) {
  std::visit([&](auto& said) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(said)>, protocol::Hello>) said.task = task;
  }, message);
  return protocol::encode(message);
}

MailboxFolder made(const std::filesystem::path& root, const std::string& name) {
  MailboxFolder folder{root};
  std::filesystem::create_directories(folder.worker(name));
  return folder;
}

}  // namespace

std::string new_worker_name() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{}-{}-{}", host_name(), ::getpid(), std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Bridge::Bridge(BridgeOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      folder_(made(options_.mailbox, options_.name)),
      from_coordinator_(folder_.to_worker(options_.name)),
      to_coordinator_(folder_.from_worker(options_.name)),
      heartbeat_(folder_.heartbeat(options_.name)),
      coordinator_(folder_.coordinator(), clock),
      interval_(clock),
      idle_since_(clock.monotonic_seconds()) {}

int Bridge::run() {
  asked_to_leave();
  beat();
  say("joined " + Json{{"host", host_name()}, {"cores", cores()}, {"gpus", visible_gpus()}, {"scheduler_id", scheduler_id()}, {"crew", options_.crew}, {"index", options_.index}}.dump());
  while (leaving_.empty()) {
    wait();
    signalfd_siginfo info;
    while (::read(asked_to_leave(), &info, sizeof info) > 0) ask_to_stop();
    read_worker();
    read_mailbox();
    beat();
    to_coordinator_.flush();
    if (is_time_to_leave()) break;
  }
  end_worker();
  say(fmt::format("left {} {}", from_coordinator_.last_number(), leaving_));
  return 0;
}

void Bridge::wait() const {
  std::vector<pollfd> polled{{asked_to_leave(), POLLIN, 0}};
  if (worker_) polled.push_back({worker_->descriptor(), POLLIN, 0});
  ::poll(polled.data(), polled.size(), static_cast<int>(interval_.seconds_left() * 1000) + 1);
}

void Bridge::read_mailbox() {
  if (!interval_.is_due()) return;
  const std::vector<std::string> lines = from_coordinator_.read();
  interval_.looked(!lines.empty());
  if (!lines.empty()) coordinator_.forgive();
  for (const std::string& line : lines) read_line(line);
}

void Bridge::read_line(std::string_view line) {
  const auto [word, rest] = first_word(line);
  if (word == "leave") return leave("the run has ended");
  if (word == "connect") return connect(rest);
  const auto [connection, text] = first_word(rest);
  if (connection != connection_) return;  // of a coordinator before this one
  if (word == "line") message(text);
  if (word == "drop") {
    end_worker();
    connection_.clear();
  }
}

// A worker that is busy stays: what it does is wanted all the same.
void Bridge::connect(std::string_view rest) {
  const auto [connection, arithmetic] = first_word(rest);
  connection_ = connection;
  wants_portable_ = arithmetic == "portable";
  hello_told_ = false;
  task_told_as_.reset();
  waiting_.reset();
  if (!task_ && (!worker_ || worker_is_portable_ != wants_portable_)) return start_worker(wants_portable_);
  if (hello_.empty()) return;
  tell("line", hello_);
  hello_told_ = true;
}

void Bridge::message(std::string_view line) {
  const protocol::CoordinatorMessage message = protocol::decode_coordinator_message(line);
  if (auto* run = std::get_if<protocol::Run>(&message)) return take_task(*run);
  if (!worker_) return;
  if (auto* share = std::get_if<protocol::Share>(&message)) {
    if (task_ && task_told_as_ == share->task) worker_->write_line(protocol::encode(protocol::Share{task_->task, share->threads}));
  } else {
    worker_->write_line(std::string(line));
  }
}

void Bridge::take_task(const protocol::Run& run) {
  if (task_ && task_->stage == run.stage && task_->key == run.key && includes(task_->extents, run.extents)) {
    task_told_as_ = run.task;
    return;
  }
  waiting_ = run;
  if (!task_) start_waiting_task();
}

void Bridge::start_waiting_task() {
  if (!worker_ || worker_is_portable_ != wants_portable_) start_worker(wants_portable_);
  if (hello_.empty()) return;  // it gets the task when it has said that
  task_ = std::exchange(waiting_, std::nullopt);
  task_told_as_ = task_->task;
  worker_->write_line(protocol::encode(*task_));
}

void Bridge::start_worker(bool portable) {
  end_worker();
  std::vector<std::string> argv = {options_.program.string(), "--results", options_.results.string(), "--run", options_.name,
                                   "--parent", std::to_string(::getpid()), "--ignore-signals"};
  if (portable) argv.push_back("--portable");
  worker_is_portable_ = portable;
  try {
    worker_ = std::make_unique<Pipe>(argv, options_.results / "logs" / fmt::format("worker-{}.log", options_.name));
  } catch (const Error& error) {
    tell("ended", fmt::format("exit {}", error.what()));
    connection_.clear();
    waiting_.reset();
  }
}

void Bridge::end_worker() {
  worker_.reset();
  worker_said_.clear();
  hello_.clear();
  task_.reset();
  task_told_as_.reset();
}

void Bridge::read_worker() {
  if (!worker_) return;
  const bool open = worker_->read(worker_said_);
  std::size_t start = 0;
  for (std::size_t end; (end = worker_said_.find('\n', start)) != std::string::npos; start = end + 1) {
    read_message(std::string_view(worker_said_).substr(start, end - start));
  }
  worker_said_.erase(0, start);
  if (!open) worker_ended();
}

void Bridge::read_message(std::string_view line) {
  std::optional<protocol::WorkerMessage> message;
  try {
    message = protocol::decode_worker_message(line);
  } catch (const Error&) {  // the coordinator says what is wrong with it
    return tell("line", line);
  }
  if (std::holds_alternative<protocol::Hello>(*message)) {
    hello_ = line;
    if (!std::exchange(hello_told_, true)) tell("line", hello_);
    if (waiting_) start_waiting_task();
    return;
  }
  if (task_told_as_) tell("line", with_task(*message, *task_told_as_));
  if (!std::holds_alternative<protocol::Done>(*message) && !std::holds_alternative<protocol::Failed>(*message)) return;
  task_.reset();
  task_told_as_.reset();
  if (waiting_) start_waiting_task();
}

void Bridge::worker_ended() {
  const Transport::End end = worker_->end();
  const bool is_news = task_told_as_ || !task_;
  if (task_told_as_ && was_asked_to_end(end)) {
    tell("line", protocol::encode(protocol::Failed{*task_told_as_, "interrupted", "the worker was asked to end"}));
  }
  end_worker();
  if (waiting_) return start_waiting_task();
  if (is_news) {
    tell("ended", fmt::format("{} {}", end.kind, end.message));
    connection_.clear();
  }
}

void Bridge::tell(std::string_view word, std::string_view text) {
  if (connection_.empty()) return;
  to_coordinator_.append(fmt::format("{} {} {}", word, connection_, text));
  interval_.expect_soon();
}

void Bridge::beat() {
  if (clock_.monotonic_seconds() < next_beat_) return;
  next_beat_ = clock_.monotonic_seconds() + seconds_between_beats;
  coordinator_silence_s_ = coordinator_.silence_s();
  heartbeat_.beat(worker_ ? worker_->resident_kb() : 0);
}

void Bridge::ask_to_stop() {
  if (!task_) return leave("it was asked to end");
  if (stop_at_ >= 0) return;
  stop_at_ = clock_.monotonic_seconds() + options_.seconds_to_stop;
  worker_->write_line(protocol::encode(protocol::Stop{}));
}

bool Bridge::is_time_to_leave() {
  const double now = clock_.monotonic_seconds();
  if (stop_at_ >= 0 && (!task_ || now >= stop_at_)) leave("it was asked to end");
  if (task_ || waiting_) {
    idle_since_ = now;
    return !leaving_.empty();
  }
  if (now - idle_since_ >= options_.idle_s) leave(fmt::format("there was nothing to do for {} s", options_.idle_s));
  if (coordinator_silence_s_ >= options_.alone_s) leave(fmt::format("no coordinator was there for {} s", options_.alone_s));
  return !leaving_.empty();
}

void Bridge::leave(const std::string& why) {
  if (leaving_.empty()) leaving_ = why;
}

}  // namespace latentgrid
