#include "pool/seen_workers.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/heartbeat.hpp"
#include "base/process_identity.hpp"
#include "pool/submitted.hpp"
#include "protocol/line_file.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece_of_a_mailbox = 1 << 14;  // what a worker has said may be much: its first line and its last one tell
constexpr double seconds_to_say_left = 15;                            // of a worker whose end the scheduler has seen
constexpr double seconds_worth_a_look = 10 * seconds_without_a_beat;  // a worker that is silent for longer is gone
constexpr double seconds_until_forgotten = 3600;

std::string piece_of(const fs::path& file, bool last) {
  std::string bytes(piece_of_a_mailbox, '\0');
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return "";
  struct stat known {};
  ::fstat(opened, &known);
  const off_t from = last ? std::max<off_t>(known.st_size - static_cast<off_t>(bytes.size()), 0) : 0;
  const ssize_t count = ::pread(opened, bytes.data(), bytes.size(), from);
  ::close(opened);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return bytes;
}

std::optional<WorkerPlace> place_of(const fs::path& from_worker) {
  protocol::LineReader reader(from_worker, [](const fs::path& file, std::uint64_t) { return piece_of(file, false); });
  for (const std::string& line : reader.read()) {
    if (const auto [word, rest] = first_word(line); word == "joined") return place_in(rest);
  }
  return std::nullopt;
}

// The last whole lines, without their numbers and sizes.
std::vector<std::string> last_lines(const fs::path& file) {
  const std::string bytes = piece_of(file, true);
  std::vector<std::string> lines;
  std::size_t start = bytes.size() < piece_of_a_mailbox ? 0 : bytes.find('\n') + 1;  // the first one may be cut
  for (std::size_t end; (end = bytes.find('\n', start)) != std::string::npos; start = end + 1) {
    const auto [number, sized] = first_word(std::string_view(bytes).substr(start, end - start));
    lines.emplace_back(first_word(sized).second);
  }
  return lines;
}

std::optional<std::string> why_it_left(const fs::path& from_worker) {
  const std::vector<std::string> lines = last_lines(from_worker);
  if (lines.empty()) return std::nullopt;
  const auto [word, rest] = first_word(lines.back());
  if (word != "left") return std::nullopt;
  return std::string(first_word(rest).second);
}

// Whatever another coordinator has said to it since.
bool was_told_to_end(const fs::path& to_worker) {
  const std::vector<std::string> lines = last_lines(to_worker);
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line == "leave" || line == "stop"; });
}

void put_in_log(SeenWorker& worker, const fs::path& file) {
  WorkerLog log(file);
  log.read();
  worker.process = log.process();
  if (const LoggedTask* task = log.current()) worker.task = *task;
}

double seconds_between(fs::file_time_type earlier, fs::file_time_type later) {
  return std::max(std::chrono::duration<double>(later - earlier).count(), 0.0);
}

// The scheduler's list, each worker to the one that joined with its number: of two the first one is dead, or else it would not
// have been started again.
void put_in_listed(SeenWorkers& seen, const std::string& id, std::vector<ListedWorker> listed) {
  for (ListedWorker& one : listed) {
    const auto is_it = [&](const SeenWorker& worker) {
      return worker.place && !worker.place->crew.empty() && worker.place->index == one.index && job_name(id, worker.place->crew) == one.name;
    };
    SeenWorker* found = nullptr;
    for (SeenWorker& worker : seen.workers) {
      if (is_it(worker) && (!found || worker.silence_s < found->silence_s)) found = &worker;
    }
    if (found) {
      found->listed = std::move(one);
    } else {
      SeenWorker worker;
      worker.listed = std::move(one);
      seen.workers.push_back(std::move(worker));
    }
  }
  for (SeenWorker& worker : seen.workers) worker.is_unknown = worker.is_of_a_scheduler() && !worker.listed;
}

// A node that is lost may have been cut off, and its processes go on.
bool has_ended(const ListedWorker& listed) {
  return listed.state == WorkerState::ended && listed.reason.find("NODE_FAIL") == std::string::npos;
}

bool is_expected_to_end(const SeenWorker& worker) { return worker.listed || worker.is_unknown || worker.is_told_to_end; }

bool is_gone(const LoggedProcess& process) {
  char here[256] = {};
  ::gethostname(here, sizeof here - 1);
  return process.host == here && ::kill(static_cast<pid_t>(process.process), 0) != 0 && errno == ESRCH;
}

}  // namespace

std::string SeenWorker::node() const {
  if (listed && !listed->node.empty()) return listed->node;
  if (place) return place->node;
  return process ? process->host : "";
}

bool may_be_there(const SeenWorker& worker) {
  const bool has_job = worker.listed && worker.listed->state != WorkerState::ended;
  if (worker.left) return false;
  if (worker.name.empty() || has_job) return has_job;
  const double most = is_expected_to_end(worker) ? most_silence_s(worker.listed ? &*worker.listed : nullptr) : seconds_worth_a_look;
  return worker.silence_s && *worker.silence_s < most;
}

bool was_gone(const SeenWorker& worker) { return worker.listed && has_ended(*worker.listed); }

bool is_dead(const SeenWorker& worker) {
  if (worker.name.empty() || worker.left || !worker.silence_s || may_be_there(worker)) return false;
  return is_expected_to_end(worker) || *worker.silence_s >= seconds_until_forgotten;
}

// A silent worker that the scheduler says runs is waited for: its node, or the way to it, may be slow.
double most_silence_s(const ListedWorker* listed) {
  if (!listed) return seconds_without_a_beat;
  if (has_ended(*listed)) return seconds_to_say_left;
  if (listed->state == WorkerState::running || listed->state == WorkerState::ending) return seconds_worth_a_look;
  return seconds_without_a_beat;
}

bool is_forgotten(const MailboxFolder& folder, const std::string& worker) {
  std::error_code none, neither;
  const fs::file_time_type now = fs::last_write_time(folder.coordinator(), none), then = fs::last_write_time(folder.heartbeat(worker), neither);
  if (none || neither) return false;
  const double silence_s = seconds_between(then, now);
  return silence_s >= seconds_until_forgotten || (silence_s >= seconds_without_a_beat && was_told_to_end(folder.to_worker(worker)));
}

std::optional<double> seconds_since_beat(const fs::path& heartbeat, fs::file_time_type now) {
  std::error_code none;
  const fs::file_time_type then = fs::last_write_time(heartbeat, none);
  if (none) return std::nullopt;
  return seconds_between(then, now);
}

fs::file_time_type time_of_files(const MailboxFolder& folder) {
  const fs::path file = folder.root / ("time-" + host_name() + "-" + std::to_string(::getpid()));
  std::error_code none, ignored;
  fs::file_time_type time;
  try {
    write_file(file, "\n");
    time = fs::last_write_time(file, none);
  } catch (const Error&) {
    none = std::make_error_code(std::errc::io_error);
  }
  fs::remove(file, ignored);
  return none ? fs::file_time_type::clock::now() : time;
}

SeenWorkers see_mailbox(const MailboxFolder& folder, const fs::path& logs, fs::file_time_type now) {
  SeenWorkers seen;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.workers(), none)) {
    SeenWorker worker;
    worker.name = entry.path().filename();
    worker.place = place_of(folder.from_worker(worker.name));
    worker.left = why_it_left(folder.from_worker(worker.name));
    worker.silence_s = seconds_since_beat(folder.heartbeat(worker.name), now);
    worker.is_told_to_end = was_told_to_end(folder.to_worker(worker.name));
    worker.log = logs / ("worker-" + worker.name + ".log");
    if (!worker.left) put_in_log(worker, worker.log);
    seen.workers.push_back(std::move(worker));
  }
  std::sort(seen.workers.begin(), seen.workers.end(), [](const SeenWorker& a, const SeenWorker& b) { return a.name < b.name; });
  return seen;
}

void ask_scheduler(SeenWorkers& seen, const MailboxFolder& folder, Launcher& launcher) {
  try {
    put_in_listed(seen, known_id(folder).value_or(""), launcher.list(submitted_workers(folder)).wait());
  } catch (const Error& error) {
    seen.scheduler_problem = error.what();
  }
}

SeenWorkers see_processes(const fs::path& logs, const std::string& since) {
  SeenWorkers seen;
  for (WorkerLog& log : worker_logs(logs)) {
    if (log.worker().find_first_not_of("0123456789") != std::string::npos) continue;  // of a mailbox
    log.read();
    if (!log.process() || log.process()->since < since || is_gone(*log.process())) continue;
    SeenWorker worker;
    worker.name = log.worker();
    worker.log = log.file();
    worker.process = log.process();
    if (const LoggedTask* task = log.current()) worker.task = *task;
    seen.workers.push_back(std::move(worker));
  }
  return seen;
}

}  // namespace latentgrid
