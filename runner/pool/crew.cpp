#include "pool/crew.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace latentgrid {

namespace {

constexpr double shortest_pause = 10, longest_pause = 300;  // between two submissions
constexpr int ends_before_giving_up = 3;
constexpr double seconds_before_telling = 30;  // why a worker waits: most wait for a few seconds

// " for train", of a crew that is for one stage.
std::string for_whom(const CrewOptions& crew) { return crew.stages == std::vector<std::string>{crew.name} ? " for " + crew.name : ""; }

}  // namespace

Crew::Crew(CrewOptions options, WorkerRequest request, int next_index, Launcher& launcher, const Clock& clock)
    : options_(std::move(options)), request_(std::move(request)), next_index_(next_index), launcher_(launcher), clock_(clock), first_of_this_run_(next_index), pause_(shortest_pause) {
  request_.what = "workers" + for_whom(options_);
}

bool Crew::serves(const WorkKind& kind) const {
  const std::vector<std::string>& stages = kind.on_gpu ? options_.gpu_stages : options_.stages;
  return std::find(stages.begin(), stages.end(), kind.stage) != stages.end();
}

void Crew::joined(int index) {
  working_.insert(index);
  has_joined_.insert(index);
  awaited_.erase(index);
  ended_without_joining_ = 0;
  pause_ = shortest_pause;
}

void Crew::left(int index) { working_.erase(index); }

void Crew::listed(const std::vector<ListedWorker>& workers, double asked_at, std::vector<ExecutorEvent>& events) {
  was_listed_ = was_listed_ || asked_at >= listing_counts_from_;
  listed_.clear();
  for (const ListedWorker& worker : workers) {
    if (worker.name != request_.name) continue;
    listed_[worker.index] = worker;
    say_why_it_waits(worker, asked_at, events);
    const bool lives = worker.state == WorkerState::pending || worker.state == WorkerState::running;
    if (lives && !has_joined_.contains(worker.index)) awaited_.try_emplace(worker.index, asked_at);
  }
  // One that ended, or is not known any more, will not join. One that was asked for after the question is not listed yet.
  std::erase_if(awaited_, [&](const auto& awaited) {
    const auto& [index, since] = awaited;
    const ListedWorker* worker = find(index);
    const bool is_gone = worker ? worker->state == WorkerState::ended : since < asked_at;
    if (!is_gone) return false;
    if (index < first_of_this_run_ || (worker && worker->reason.starts_with("CANCELLED"))) return true;
    ++ended_without_joining_;
    how_ended_ = worker ? worker->reason : "the scheduler does not know it any more";
    return true;
  });
}

void Crew::say_why_it_waits(const ListedWorker& worker, double now, std::vector<ExecutorEvent>& events) {
  if (worker.state != WorkerState::pending || worker.reason.empty()) return;
  const auto awaited = awaited_.find(worker.index);
  const bool is_new = awaited == awaited_.end() || now - awaited->second < seconds_before_telling;
  if ((!worker.stuck && is_new) || !said_reasons_.insert(kind_of_reason(worker)).second) return;
  const std::string how = worker.stuck ? "waits, and will not start unless something changes" : "waits";
  const std::string hint = worker.remedy.empty() ? "" : "\n  hint: " + worker.remedy;
  events.emplace_back(WorkerNote{fmt::format("worker {}{} {}: {}{}", worker.id, for_whom(options_), how, why(worker), hint)});
}

const ListedWorker* Crew::find(int index) const {
  const auto found = listed_.find(index);
  return found == listed_.end() ? nullptr : &found->second;
}

int Crew::alive() const { return static_cast<int>(working_.size() + awaited_.size()) + (submission_ ? submitted_.count : 0); }

bool Crew::needs_list() const {
  return !was_listed_ || std::any_of(awaited_.begin(), awaited_.end(), [&](const auto& awaited) { return !find(awaited.first); });
}

void Crew::check() {
  if (is_checked_) return;
  launcher_.check(request_);
  is_checked_ = true;
}

void Crew::want(std::int64_t tasks, std::vector<ExecutorEvent>& events, const std::function<bool(int, int)>& record) {
  if (!was_listed_ || submission_ || clock_.monotonic_seconds() < next_submission_) return;
  const int missing = static_cast<int>(std::min<std::int64_t>(options_.workers, tasks)) - alive();
  if (missing <= 0) return;
  if (ended_without_joining_ >= ends_before_giving_up && working_.empty() && !helped_) {
    throw SchedulerError(fmt::format("workers end before they join the run: {} ended ({})", ended_without_joining_, how_ended_),
                         fmt::format("the log says why: {}", launcher_.log_of(request_, next_index_ - 1).string()), false);
  }
  submitted_ = request_;
  submitted_.first = next_index_;
  submitted_.count = missing;
  next_index_ += missing;
  next_submission_ = clock_.monotonic_seconds() + pause_;
  try {
    if (!record(submitted_.first, submitted_.count)) throw SchedulerError("cannot record which workers are asked for", "free some space in the results folder", true);
    check();
    submission_.emplace(launcher_.submit(submitted_));
  } catch (const SchedulerError& error) {
    fail(error, events);
  }
}

void Crew::poll(std::vector<ExecutorEvent>& events) {
  if (!submission_ || !submission_->poll()) return;
  const Answer<std::vector<Submitted>> answer = std::move(*std::exchange(submission_, std::nullopt));
  try {
    std::string ids;
    for (const Submitted& submitted : answer.get()) ids += (ids.empty() ? "" : ", ") + submitted.id;
    const double now = clock_.monotonic_seconds();
    for (int index = submitted_.first; index < submitted_.first + submitted_.count; ++index) {
      if (!has_joined_.contains(index)) awaited_.try_emplace(index, now);  // one may be here before the answer is
    }
    events.emplace_back(WorkerNote{fmt::format("asked {} for {}{} (job {})", launcher_.scheduler(), counted(submitted_.count, "worker"), for_whom(options_), ids)});
  } catch (const SchedulerError& error) {
    fail(error, events);
  }
}

// It may have been done all the same, and what was is listed next.
void Crew::fail(const SchedulerError& error, std::vector<ExecutorEvent>& events) {
  if (!error.temporary() && alive() == 0 && !helped_) throw error;
  was_listed_ = false;
  listing_counts_from_ = clock_.monotonic_seconds();
  pause_ = std::min(2 * pause_, longest_pause);
  next_submission_ = clock_.monotonic_seconds() + pause_;
  events.emplace_back(WorkerNote{fmt::format("{}; trying again in {} s", error.what(), pause_)});
}

std::vector<int> Crew::descriptors() const { return submission_ ? submission_->descriptors() : std::vector<int>{}; }

}  // namespace latentgrid
