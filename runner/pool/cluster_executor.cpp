#include "pool/cluster_executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "methods/stages.hpp"
#include "pool/seen_workers.hpp"

namespace latentgrid {

namespace {

constexpr double short_interval = 5, long_interval = 60;
constexpr double seconds_to_cancel = 20;
constexpr double seconds_of_warning = 120;   // at most, before a worker's time limit, see SlurmLauncher ...
constexpr double seconds_too_early = 30;     // ... at most, of Slurm's warnings
constexpr double seconds_worth_a_start = 60;
constexpr double part_for_tasks = 0.8;       // of its time: what comes first is no task

WorkerRequest request_of(const CrewOptions& crew, const ExecutorOptions& options, const MailboxFolder& folder, const Submissions& submissions) {
  WorkerRequest request;
  request.name = submissions.job_name(crew.name);
  // What it starts beside itself is the worker's business: LATENTGRID_WORKER goes with the job.
  request.argv = {program_on_nodes("latentgrid-worker"), "--mailbox", folder.root.string(), "--results", options.results.string(),
                  "--crew", crew.name, "--index", "{index}"};
  request.log = options.logs / fmt::format("{}-{{index}}.log", request.name);
  request.resources = crew.resources;
  return request;
}

}  // namespace

ClusterExecutor::ClusterExecutor(const ExecutorOptions& options, std::unique_ptr<Launcher> launcher, const Clock& clock)
    : MailboxExecutor(options, clock), launcher_(std::move(launcher)), submissions_(folder()) {
  for (const CrewOptions& crew : options.crews) {
    WorkerRequest request = request_of(crew, options, folder(), submissions_);
    request.count = crew.workers;
    crews_.push_back(std::make_unique<Crew>(crew, std::move(request), submissions_.next(crew.name), *launcher_, clock));
  }
}

// Nobody waits in a queue for work that is done. Those that run are told to leave by the mailbox.
ClusterExecutor::~ClusterExecutor() { cancel(); }

void ClusterExecutor::prepare(const std::set<WorkKind>& kinds) {
  for (const auto& crew : crews_) {
    if (std::any_of(kinds.begin(), kinds.end(), [&](const WorkKind& kind) { return crew->serves(kind); })) crew->check();
  }
}

// All at once, and not for ever: those that are left find no coordinator, and leave.
void ClusterExecutor::cancel() {
  if (std::exchange(is_closed_, true)) return;
  listing_.reset();
  std::vector<Answer<Cancelled>> answers;
  for (const auto& crew : crews_) {
    crew->stop();
    if (crew->range().end == 0) continue;
    try {
      answers.push_back(launcher_->cancel(crew->range()));
    } catch (const Error&) {
    }
  }
  const double deadline = clock().monotonic_seconds() + seconds_to_cancel;
  const auto is_done = [](Answer<Cancelled>& answer) { return answer.poll(); };
  while (clock().monotonic_seconds() < deadline && !std::all_of(answers.begin(), answers.end(), is_done)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void ClusterExecutor::stop() {
  MailboxExecutor::stop();
  expected_.clear();
}

void ClusterExecutor::terminate() {
  MailboxExecutor::terminate();
  cancel();
}

Crew* ClusterExecutor::crew_of(const Member& member) const {
  if (!member.link.place()) return nullptr;
  for (const auto& crew : crews_) {
    if (crew->options().name == member.link.place()->crew) return crew.get();
  }
  return nullptr;
}

bool ClusterExecutor::serves(const Member& member, const WorkKind& kind) const {
  const Crew* crew = crew_of(member);
  return crew ? crew->serves(kind) : MailboxExecutor::serves(member, kind);
}

// What leaves no checkpoints begins anew when a worker's time is over, and anything else is hardly worth the start of its process. A
// worker that has just come takes whatever there is: the next one would have no more time.
bool ClusterExecutor::has_time_for(const Member& member, const WorkKind& kind, double seconds) const {
  const ListedWorker* known = listed(member);
  const bool is_new = !member.has_worked && !member.was_there_first;
  if (is_new || !known || known->state != WorkerState::running || known->limit <= known->since) return true;
  const double whole = static_cast<double>(known->limit - known->since), left = static_cast<double>(known->limit - clock().seconds_since_1970());
  const double warning = std::min(seconds_of_warning, whole / 4) + seconds_too_early;
  const double needed = warning + (find_stage(kind.stage).leaves_rolling_checkpoints ? std::min(seconds, seconds_worth_a_start) : seconds);
  return needed <= left || needed > part_for_tasks * whole;
}

void ClusterExecutor::is_there(const Member& member) {
  if (Crew* crew = crew_of(member)) crew->joined(member.link.place()->index);
}

void ClusterExecutor::has_left(const Member& member) {
  Crew* crew = crew_of(member);
  if (crew && !was_started_again(member)) crew->left(member.link.place()->index);
}

const ListedWorker* ClusterExecutor::listed(const Member& member) const {
  const Crew* crew = crew_of(member);
  return crew ? crew->find(member.link.place()->index) : nullptr;
}

double ClusterExecutor::most_silence_s(const Member& member) const { return latentgrid::most_silence_s(listed(member)); }

bool ClusterExecutor::has_ended(const Member& member) const {
  if (!crew_of(member) || !was_listed_ || failed_listings_ > 0) return false;
  const ListedWorker* known = listed(member);
  return !known || known->state == WorkerState::ended;
}

std::string ClusterExecutor::what_is_said_of(const Member& member) const {
  const ListedWorker* known = listed(member);
  if (!known || known->state != WorkerState::ended || known->reason.empty()) return "";
  return fmt::format("; {} says: {}{}", launcher_->scheduler(), why(*known), known->remedy.empty() ? "" : "; " + known->remedy);
}

void ClusterExecutor::look_after(std::vector<ExecutorEvent>& events) {
  list(events);
  for (const auto& crew : crews_) {
    crew->poll(events);
    crew->set_helped(has_members());
    std::int64_t tasks = 0;
    for (const auto& [kind, count] : expected_) tasks += crew->serves(kind) ? count : 0;
    crew->want(tasks, events, [&](int first, int count) { return submissions_.record(crew->options().name, first, count); });
  }
}

// Often while somebody has fallen silent, was just asked for or is about to come; less and less often while it fails, and while
// those who are to come wait: a queue may be days long.
double ClusterExecutor::seconds_between_lists() const {
  const auto after = [](int lists) { return std::min(short_interval * (1 << std::min(lists, 4)), long_interval); };
  const auto any = [&](bool (Crew::*is)() const) { return std::any_of(crews_.begin(), crews_.end(), [&](const auto& crew) { return ((*crew).*is)(); }); };
  if (failed_listings_ > 0) return after(failed_listings_);
  if (any_is_silent(3 * seconds_between_beats) || any(&Crew::needs_list)) return short_interval;
  return any(&Crew::is_awaited) ? after(lists_alike_) : long_interval;
}

bool ClusterExecutor::is_time_to_list(double now) const { return listing_since_ == 0 || now >= listing_since_ + seconds_between_lists(); }

void ClusterExecutor::list(std::vector<ExecutorEvent>& events) {
  const double now = clock().monotonic_seconds();
  if (!listing_) {
    if (!is_time_to_list(now)) return;
    std::vector<WorkerRange> ranges;
    for (const auto& crew : crews_) ranges.push_back(crew->range());
    listing_since_ = now;
    listing_.emplace(launcher_->list(ranges));
  }
  if (!listing_->poll()) return;
  const auto answer = std::move(*std::exchange(listing_, std::nullopt));
  try {
    std::vector<ListedWorker> workers = answer.get();
    for (const auto& crew : crews_) crew->listed(workers, listing_since_, events);
    lists_alike_ = workers == listed_ ? lists_alike_ + 1 : 0;
    listed_ = std::move(workers);
    failed_listings_ = 0;
    said_.clear();
    was_listed_ = true;
  } catch (const SchedulerError& error) {
    if (!error.temporary() && !was_listed_ && !has_members()) throw;
    ++failed_listings_;
    if (std::exchange(said_, error.what()) == error.what()) return;
    events.emplace_back(WorkerNote{fmt::format("{}; the workers go on, and the scheduler is asked again later", error.what())});
  }
}

std::vector<int> ClusterExecutor::descriptors() const {
  std::vector<int> all = listing_ ? listing_->descriptors() : std::vector<int>{};
  for (const auto& crew : crews_) {
    const std::vector<int> some = crew->descriptors();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace latentgrid
