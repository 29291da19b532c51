#include "pool/bridge.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "pool/pipe.hpp"
#include "pool/worker_place.hpp"

namespace latentgrid {

namespace {

constexpr int tries_to_say_left = 10;
constexpr const char* told_by_signal = "a signal told it to end, from its scheduler (time limit, more urgent job, scancel) or by hand";
constexpr const char* told_by_cancel = "`latentgrid cancel` told it to end";

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
bool was_asked_to_end(const Transport::End& end) { return end.signal == SIGTERM || end.signal == SIGINT || end.signal == SIGHUP; }

std::string with_task(protocol::WorkerMessage message, std::int64_t task) {
  std::visit([&](auto& said) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(said)>, protocol::Hello>) said.task = task;
  }, message);
  return protocol::encode(message);
}

MailboxFolder made(const std::filesystem::path& root, const std::string& name) {
  const MailboxFolder folder{root};
  const std::filesystem::path unfinished = folder.unfinished(name);
  std::filesystem::create_directories(unfinished);
  std::filesystem::create_directories(folder.workers());
  for (const std::filesystem::path& file : {folder.to_worker(name), folder.from_worker(name), folder.heartbeat(name)}) {
    write_file(unfinished / file.filename(), "");
  }
  std::filesystem::rename(unfinished, folder.worker(name));
  return folder;
}

}  // namespace

std::string new_worker_name() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{}-{}-{}", place_here("", 0).host, ::getpid(), std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

Bridge::Bridge(BridgeOptions options, const Clock& clock, Start start)
    : options_(std::move(options)),
      clock_(clock),
      start_(start ? std::move(start) : [this](bool portable) { return new_process(portable); }),
      folder_(made(options_.mailbox, options_.name)),
      from_coordinator_(folder_.to_worker(options_.name)),
      to_coordinator_(folder_.from_worker(options_.name)),
      heartbeat_(folder_.heartbeat(options_.name)),
      coordinator_(folder_.coordinator(), clock),
      interval_(clock),
      last_beat_(clock.monotonic_seconds()) {}

int Bridge::run() {
  asked_to_leave();
  join();
  do {
    wait();
    signalfd_siginfo info;
    while (::read(asked_to_leave(), &info, sizeof info) > 0) ask_to_stop(told_by_signal);
  } while (step());
  for (int i = 0; i < tries_to_say_left && to_coordinator_.has_kept() && !mailbox_is_gone(); ++i) {  // nobody says it later
    std::this_thread::sleep_for(std::chrono::seconds(1));
    to_coordinator_.flush();
  }
  return 0;
}

void Bridge::join() {
  beat();
  say("joined " + to_json(place_here(options_.crew, options_.index)).dump());
  to_coordinator_.flush();
}

bool Bridge::step() {
  read_worker();
  read_mailbox();
  to_coordinator_.flush();
  tell_progress();
  beat();
  if (!is_time_to_leave()) return true;
  take_leave();
  return false;
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
  try {
    for (const std::string& line : lines) read_line(line);
  } catch (const Error& error) {  // of a coordinator that was built from other sources
    leave(error.what());
  }
}

void Bridge::read_line(std::string_view line) {
  const auto [word, rest] = first_word(line);
  if (word == "leave") {
    is_awaited_ = false;
    return leave("the run has ended");
  }
  if (word == "stop") {
    is_awaited_ = false;
    return ask_to_stop(told_by_cancel);
  }
  if (word == "connect") return connect(rest);
  const auto [connection, text] = first_word(rest);
  if (connection != connection_) return;  // of a coordinator before this one
  if (word == "line") message(text);
  if (word == "drop") {
    if (!task_ || task_told_as_) end_worker();  // else the process works for a coordinator before
    waiting_.reset();
    task_told_as_.reset();
    progress_.clear();
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
  progress_.clear();
  waiting_.reset();
  if (task_) tell("busy", fmt::format("{} {}", task_->stage, task_->key));
  if (!task_ && (!worker_ || worker_is_portable_ != wants_portable_)) return start_worker(wants_portable_);
  if (hello_.empty()) return;
  tell("line", hello_);
  hello_told_ = true;
}

void Bridge::message(std::string_view line) {
  const protocol::CoordinatorMessage message = protocol::decode_coordinator_message(line);
  if (auto* run = std::get_if<protocol::Run>(&message)) return take_task(*run);
  if (auto* loan = std::get_if<protocol::Share>(&message)) return share(*loan);
  if (worker_) worker_->write_line(std::string(line));
}

void Bridge::share(const protocol::Share& loan) {
  if (waiting_ && waiting_->task == loan.task) waiting_threads_ = loan.threads;
  if (task_ && task_told_as_ == loan.task) worker_->write_line(protocol::encode(protocol::Share{task_->task, loan.threads}));
}

void Bridge::take_task(const protocol::Run& run) {
  if (task_ && task_->stage == run.stage && task_->key == run.key && includes(task_->extents, run.extents)) {
    task_told_as_ = run.task;
    return;
  }
  if (is_stopping()) return tell("line", protocol::encode(protocol::Failed{run.task, "interrupted", "the worker was asked to end"}));
  waiting_ = run;
  waiting_threads_ = 0;
  if (!task_) start_waiting_task();
}

void Bridge::start_waiting_task() {
  if (is_stopping()) return take_task(*std::exchange(waiting_, std::nullopt));
  if (!worker_ || worker_is_portable_ != wants_portable_) start_worker(wants_portable_);
  if (hello_.empty()) return;  // it gets the task when it has said that
  task_ = std::exchange(waiting_, std::nullopt);
  task_told_as_ = task_->task;
  worker_->write_line(protocol::encode(*task_));
  if (waiting_threads_ > 0) worker_->write_line(protocol::encode(protocol::Share{task_->task, waiting_threads_}));
}

std::unique_ptr<Transport> Bridge::new_process(bool portable) const {
  std::vector<std::string> argv = {options_.program.string(), "--results", options_.results.string(), "--run", options_.name,
                                   "--parent", std::to_string(::getpid()), "--ignore-signals", "--sync-log"};
  if (portable) argv.push_back("--portable");
  return std::make_unique<Pipe>(argv, options_.results / "logs" / fmt::format("worker-{}.log", options_.name));
}

void Bridge::start_worker(bool portable) {
  end_worker();
  worker_is_portable_ = portable;
  try {
    worker_ = start_(portable);
    next_beat_ = 0;  // what is known of the memory was another process's
    beat();
  } catch (const Error& error) {
    tell("ended", fmt::format("exit {}", error.what()));
    connection_.clear();
    waiting_.reset();
  }
}

void Bridge::end_worker() {
  worker_.reset();
  worker_said_.clear();
  progress_.clear();
  hello_.clear();
  task_.reset();
  task_told_as_.reset();
}

void Bridge::read_worker() {
  if (!worker_) return;
  const Transport* const spoke = worker_.get();
  const bool open = worker_->read(worker_said_);
  for (std::size_t end; (end = worker_said_.find('\n')) != std::string::npos;) {
    const std::string line = worker_said_.substr(0, end);
    worker_said_.erase(0, end + 1);
    read_message(line);
    if (worker_.get() != spoke) return;  // another one was started
  }
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
  if (std::holds_alternative<protocol::Progress>(*message)) {
    if (task_told_as_) progress_ = with_task(*message, *task_told_as_);
    return;
  }
  if (task_told_as_) tell("line", with_task(*message, *task_told_as_));
  if (std::holds_alternative<protocol::Done>(*message) || std::holds_alternative<protocol::Failed>(*message)) task_ended();
}

void Bridge::task_ended() {
  const bool was_told = task_told_as_.has_value();
  task_.reset();
  task_told_as_.reset();
  progress_.clear();
  if (!was_told) tell("free", "");
  if (waiting_) start_waiting_task();
}

void Bridge::worker_ended() {
  const Transport::End end = worker_->end();
  const bool said_hello = !hello_.empty(), was_for_another = task_ && !task_told_as_;
  if (task_told_as_ && (was_asked_to_end(end) || is_stopping())) {
    tell("line", protocol::encode(protocol::Failed{*task_told_as_, "interrupted", "the worker was asked to end"}));
  }
  end_worker();
  if (was_for_another) {
    tell("free", "");
    if (waiting_) return start_waiting_task();
    if (said_hello) return;  // the next task starts another one
  }
  waiting_.reset();
  tell("ended", fmt::format("{} {}", end.killed_by_others ? killed_kind : end.kind, end.message));
  connection_.clear();
}

// The newest, and seldom: every line is an open, a write and a close on a file server.
void Bridge::tell_progress() {
  if (progress_.empty() || clock_.monotonic_seconds() < next_progress_ || to_coordinator_.has_kept()) return;
  next_progress_ = clock_.monotonic_seconds() + options_.seconds_between_progress;
  to_coordinator_.append(fmt::format("line {} {}", connection_, std::exchange(progress_, {})));
}

void Bridge::tell(std::string_view word, std::string_view text) {
  if (connection_.empty()) return;
  say(fmt::format("{} {} {}", word, connection_, text));
  interval_.expect_soon();
}

void Bridge::beat() {
  if (clock_.monotonic_seconds() < next_beat_) return;
  next_beat_ = clock_.monotonic_seconds() + seconds_between_beats;
  heartbeat_.beat(worker_ ? worker_->resident_kb() : 0);
  look_around();
}

// Time counts as idle while somebody is there who could give work, as alone while nobody is.
void Bridge::look_around() {
  const double now = clock_.monotonic_seconds(), passed = now - std::exchange(last_beat_, now);
  const bool is_alone = coordinator_.silence_s() >= 3 * seconds_between_beats;
  if (task_ || waiting_) {
    idle_s_ = alone_s_ = 0;
  } else if (is_alone) {
    alone_s_ += passed;
  } else {
    idle_s_ += passed;
    alone_s_ = 0;
  }
  if (mailbox_is_gone()) leave("its mailbox is gone");
  if (!from_coordinator_.has_gap()) {
    gap_since_.reset();
  } else if (now - gap_since_.value_or(now) >= seconds_without_a_beat) {
    leave("lines of its coordinator are missing");
  } else if (!gap_since_) {
    gap_since_ = now;
  }
}

bool Bridge::mailbox_is_gone() const {
  std::error_code unknown;
  return !std::filesystem::exists(folder_.worker(options_.name), unknown) && !unknown;
}

void Bridge::ask_to_stop(const std::string& why) {
  if (!task_) {
    leave(why);
    if (waiting_) start_waiting_task();  // hands it back
    return;
  }
  if (stop_at_ >= 0) return;
  stop_at_ = clock_.monotonic_seconds() + options_.seconds_to_stop;
  stops_because_ = why;
  say(fmt::format("leaving {}", why));  // the scheduler may not wait for the task to stop
  worker_->write_line(protocol::encode(protocol::Stop{}));
}

bool Bridge::is_time_to_leave() {
  if (stop_at_ >= 0 && (!task_ || clock_.monotonic_seconds() >= stop_at_)) leave(stops_because_);
  if (options_.idle_s && idle_s_ >= *options_.idle_s) leave(fmt::format("there was nothing to do for {} s", *options_.idle_s));
  if (alone_s_ >= options_.alone_s) leave(fmt::format("no coordinator was there for {} s", options_.alone_s));
  return !leaving_.empty();
}

void Bridge::leave(const std::string& why) {
  if (leaving_.empty()) leaving_ = why;
}

void Bridge::take_leave() {
  end_worker();
  if (is_awaited_) {
    say(fmt::format("left {} {}", from_coordinator_.last_number(), leaving_));
    to_coordinator_.flush();
  } else {
    std::error_code ignored;
    std::filesystem::remove_all(folder_.worker(options_.name), ignored);
  }
}

}  // namespace latentgrid
