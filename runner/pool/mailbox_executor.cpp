#include "pool/mailbox_executor.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "pool/farewell.hpp"
#include "pool/seen_workers.hpp"

namespace latentgrid {

namespace {

constexpr double seconds_between_searches = 1;
constexpr double longest_settling = 30;
constexpr double seconds_to_find_work = 15;  // of one that has too little time for what is ready: tasks that end may make short ones ready
constexpr double shortest_wait_s = 0.005;  // mailboxes that are due within it are looked at in one turn

MailboxFolder made(const std::filesystem::path& results) {
  MailboxFolder folder{results / "mailbox"};
  std::filesystem::create_directories(folder.workers());
  return folder;
}

// By its own clock, see new_worker_name().
std::int64_t start_of(const std::string& worker) { return std::atoll(worker.c_str() + worker.rfind('-') + 1); }

}  // namespace

MailboxExecutor::Member::Member(const ExecutorOptions& options, const MailboxFolder& folder, const std::string& name, const Clock& clock)
    : link(folder, name, options.run, clock),
      session(options.worker, options.logs / fmt::format("worker-{}.log", name),
              [this](bool portable) -> std::unique_ptr<Transport> {
                if (link.is_over()) return nullptr;
                return std::make_unique<Mailbox>(link, portable);
              },
              clock) {
  session.open();
}

std::string MailboxExecutor::Member::job() const {
  const std::optional<WorkerPlace>& place = link.place();
  if (!place || place->crew.empty() || place->scheduler_id.empty()) return "";
  return fmt::format("{} {} {}", place->crew, place->index, place->scheduler_id);
}

std::string MailboxExecutor::Member::in_words() const {
  const std::string where = link.place() ? latentgrid::in_words(*link.place()) : "";
  return "worker " + link.worker() + (where.empty() ? "" : " " + where);
}

MailboxExecutor::MailboxExecutor(const ExecutorOptions& options, const Clock& clock)
    : options_(options), clock_(clock), folder_(made(options.results)), heartbeat_(folder_.coordinator()) {
  std::filesystem::create_directories(options.logs);
}

MailboxExecutor::~MailboxExecutor() {
  for (const auto& member : members_) member->link.say_leave();
}

int MailboxExecutor::slots() const {
  const auto ready = std::count_if(members_.begin(), members_.end(), [](const auto& m) { return m->session.is_ready(); });
  return std::max(static_cast<int>(ready), 1);
}

int MailboxExecutor::free_slots() const {
  if (!is_settled()) return 0;
  return static_cast<int>(std::count_if(members_.begin(), members_.end(), [](const auto& m) { return m->is_free(); }));
}

int MailboxExecutor::most_cores(const WorkKind& kind) const {
  int most = 1;
  for (const auto& member : members_) {
    if (member->session.is_ready() && serves(*member, kind)) most = std::max(most, member->cores());
  }
  return most;
}

// One that has enough cores for it, or the largest where nobody has.
Taker MailboxExecutor::taker_of(const WorkKind& kind, std::int64_t threads, double seconds) const {
  const auto cores = std::min<std::int64_t>(threads, most_cores(kind));
  Taker taker = Taker::nobody;
  for (const auto& member : members_) {
    if (!member->is_free() || !serves(*member, kind) || member->cores() < cores) continue;
    if (has_time_for(*member, kind, seconds)) return Taker::somebody;
    taker = Taker::nobody_with_enough_time;
  }
  return taker;
}

// They make room for others, who have all of their time before them.
void MailboxExecutor::send_away_those_without_time_for(const std::vector<LongTask>& tasks) {
  const double now = clock_.monotonic_seconds();
  const auto is_too_long_for = [&](const Member& member, const LongTask& task) {
    return serves(member, task.kind) && member.cores() >= std::min<std::int64_t>(task.threads, most_cores(task.kind)) && !has_time_for(member, task.kind, task.seconds);
  };
  for (const auto& member : members_) {
    const bool lacks_time = member->is_free() && std::any_of(tasks.begin(), tasks.end(), [&](const LongTask& task) { return is_too_long_for(*member, task); });
    if (!lacks_time) {
      member->lacks_time_since.reset();
    } else if (now - member->lacks_time_since.value_or(now) >= seconds_to_find_work) {
      member->link.give_up("its time limit is too near for what there is to do");
    } else if (!member->lacks_time_since) {
      member->lacks_time_since = now;
    }
  }
}

// Those that an earlier run has left are to say what they do before anybody gets anything: they may have that in hand.
bool MailboxExecutor::is_settled() const {
  if (!first_search_) return false;
  if (clock_.monotonic_seconds() - *first_search_ >= longest_settling) return true;
  return std::all_of(members_.begin(), members_.end(), [](const auto& m) {
    return !m->was_there_first || m->session.is_ready() || m->link.is_over() || m->link.silence_s() > 2 * seconds_between_beats;
  });
}

std::vector<WorkInHand> MailboxExecutor::in_hand() const {
  std::vector<WorkInHand> all;
  for (const auto& member : members_) {
    if (member->is_ready() && member->link.in_hand()) all.push_back(*member->link.in_hand());
  }
  return all;
}

bool MailboxExecutor::any_is_silent(double seconds) const {
  return std::any_of(members_.begin(), members_.end(), [&](const auto& m) { return m->link.silence_s() >= seconds; });
}

std::string MailboxExecutor::how_to_join() const {
  return fmt::format("waiting for workers; start them on machines that share this folder, with: latentgrid-worker --mailbox {}", folder_.root.string());
}

// One that has enough time left; of those the one of fewest cores that are enough, and of those one whose process has the task's
// arithmetic already. A task of more threads than anybody has cores goes to whoever has most.
void MailboxExecutor::submit(const protocol::Run& run, double expected_s) {
  const WorkKind kind{run.stage, !run.device.empty()};
  const auto rank = [&](const Member& m) {
    const bool enough = m.cores() >= run.threads;
    return std::tuple(has_time_for(m, kind, expected_s), enough, enough ? -m.cores() : m.cores(), m.session.fits(run));
  };
  const auto busy = std::find_if(members_.begin(), members_.end(), [&](const auto& m) { return m->has_in_hand({run.stage, run.key}); });
  Member* chosen = busy == members_.end() ? nullptr : busy->get();
  for (const auto& member : members_) {
    if (busy != members_.end()) break;
    if (member->is_free() && serves(*member, kind) && (!chosen || rank(*member) > rank(*chosen))) chosen = member.get();
  }
  if (!chosen) throw Error("internal error: a task was submitted while every worker is busy");
  chosen->has_worked = true;
  chosen->link.in_hand_is_given();
  chosen->session.submit(run, chosen->cores());
}

std::vector<ExecutorEvent> MailboxExecutor::wait(double timeout_s, int wake_fd) {
  std::vector<pollfd> polled{{wake_fd, POLLIN, 0}};
  for (int descriptor : descriptors()) polled.push_back({descriptor, POLLIN, 0});
  ::poll(polled.data(), polled.size(), static_cast<int>(std::min(timeout_s, std::max(seconds_to_next_look(), shortest_wait_s)) * 1000) + 1);
  std::vector<ExecutorEvent> events;
  beat();
  find_members(events);
  give_up_those_started_again();
  for (const auto& member : members_) hear(*member, events);
  if (!stopping_) look_after(events);
  forget_those_who_left();
  return events;
}

// One that was given up and may live keeps its folder, in which it finds that it is to leave.
void MailboxExecutor::forget_those_who_left() {
  std::erase_if(members_, [&](const auto& member) {
    if (!member->link.is_over()) return false;
    if (member->link.has_left() || member->is_dead) remove_mailbox(folder_, member->link.worker());
    return true;
  });
}

double MailboxExecutor::seconds_to_next_look() const {
  double seconds = seconds_between_searches;
  for (const auto& member : members_) seconds = std::min(seconds, member->link.seconds_to_next_look());
  return seconds;
}

void MailboxExecutor::find_members(std::vector<ExecutorEvent>& events) {
  if (stopping_ || clock_.monotonic_seconds() < next_search_) return;
  next_search_ = clock_.monotonic_seconds() + seconds_between_searches;
  const bool is_first = !first_search_;
  if (is_first) first_search_ = clock_.monotonic_seconds();
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder_.workers(), error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unknown;
    const std::string name = entry->path().filename();
    if (known_.contains(name) || !std::filesystem::exists(folder_.from_worker(name), unknown)) continue;
    const auto doubtful = doubtful_.find(name);
    const bool was_there_first = doubtful == doubtful_.end() ? is_first : doubtful->second.was_there_first;
    if (seems_dead(name, was_there_first)) continue;
    known_.insert(name);
    doubtful_.erase(name);
    add_member(name, was_there_first, events);
  }
  if (!members_.empty()) {
    said_how_to_join_ = false;
  } else if (!std::exchange(said_how_to_join_, true)) {
    if (const std::string how = how_to_join(); !how.empty()) events.emplace_back(WorkerNote{how});
  }
}

// By the times of its files, which may be those of another machine's clock: only if its heartbeat stays the same is it removed.
bool MailboxExecutor::seems_dead(const std::string& worker, bool was_there_first) {
  if (!is_forgotten(folder_, worker)) return false;
  HeartbeatWatch& heart = doubtful_.try_emplace(worker, Doubtful{{folder_.heartbeat(worker), clock_}, was_there_first}).first->second.heart;
  if (heart.silence_s() >= seconds_without_a_beat) {
    remove_mailbox(folder_, worker);
    known_.insert(worker);
  }
  return !heart.has_grown();
}

bool MailboxExecutor::was_started_again(const Member& member) const {
  const std::string job = member.job();
  return !job.empty() && std::any_of(members_.begin(), members_.end(), [&](const auto& other) { return !other->link.is_over() && other->job() == job; });
}

// A scheduler that has lost a node, or what it knew itself, may start a job again. Then the process that it had started first is
// dead, or is about to be ended.
void MailboxExecutor::give_up_those_started_again() {
  if (!std::exchange(somebody_was_placed_, false)) return;
  const auto start = [](const Member& member) { return std::pair(member.found_at, start_of(member.link.worker())); };
  std::map<std::string, Member*> newest;
  for (const auto& member : members_) {
    const std::string job = member->job();
    if (job.empty() || member->link.is_over()) continue;
    const auto [found, is_first] = newest.try_emplace(job, member.get());
    if (is_first) continue;
    Member *earlier = found->second, *later = member.get();
    if (start(*later) < start(*earlier)) std::swap(earlier, later);
    found->second = later;
    earlier->is_dead = true;
    const WorkerPlace& place = *later->link.place();
    earlier->link.give_up(fmt::format("{} has started its job again, as worker {} on {}", place.scheduler, later->link.worker(), place.node));
  }
}

// A folder that isn't ours to write, or was removed meanwhile, is nobody's who could work for us.
void MailboxExecutor::add_member(const std::string& name, bool was_there_first, std::vector<ExecutorEvent>& events) {
  try {
    members_.push_back(std::make_unique<Member>(options_, folder_, name, clock_));
    members_.back()->found_at = next_search_;
    members_.back()->was_there_first = was_there_first;
  } catch (const Error& error) {
    events.emplace_back(WorkerNote{fmt::format("worker {} can't be used: {}", name, error.what())});
  }
}

// One that can't be used is told to leave, and the others go on.
void MailboxExecutor::hear(Member& member, std::vector<ExecutorEvent>& events) {
  try {
    speak_with(member, events);
  } catch (const Error& error) {
    member.link.give_up(error.what());
    events.emplace_back(WorkerNote{fmt::format("{} can't be used: {}", member.in_words(), error.what())});
  }
  if (member.link.place() && !std::exchange(member.is_placed, true)) {
    somebody_was_placed_ = true;
    is_there(member);
  }
  if (!member.was_met && member.session.is_ready() && member.link.place()) {
    member.was_met = true;
    const int gpus = member.link.place()->gpus;
    const std::string with_gpus = gpus > 0 ? " and " + counted(gpus, "GPU") : "";
    const char* how = !member.was_there_first ? "has joined" : member.link.in_hand() ? "was taken over with the task that it does" : "was there already";
    events.emplace_back(WorkerNote{fmt::format("{} {}, with {}{}", member.in_words(), how, counted(member.cores(), "core"), with_gpus)});
  }
  if (!member.link.is_over()) return;
  has_left(member);
  if (member.was_met) events.emplace_back(WorkerNote{fmt::format("{} has left: {}", member.in_words(), member.link.end().message)});
}

void MailboxExecutor::speak_with(Member& member, std::vector<ExecutorEvent>& events) {
  member.link.look();
  if (const double most = most_silence_s(member); !member.link.is_over() && member.link.silence_s() >= most) {
    member.is_dead = has_ended(member);
    member.link.give_up(fmt::format("no sign of life for {} s{}", most, what_is_said_of(member)));
  }
  if (member.session.is_connected()) member.session.receive(events);
  if (member.session.is_connected()) member.session.enforce_limits(events);
  if (!member.link.is_over() && !member.session.is_connected() && !stopping_) member.session.open();
}

void MailboxExecutor::beat() {
  if (clock_.monotonic_seconds() < next_beat_) return;
  next_beat_ = clock_.monotonic_seconds() + seconds_between_beats;
  heartbeat_.beat();
}

void MailboxExecutor::stop() {
  stopping_ = true;
  for (const auto& member : members_) member->session.stop();
}

void MailboxExecutor::terminate() {
  for (const auto& member : members_) member->session.terminate();
}

}  // namespace latentgrid
