#include "run/sweep_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "methods/stages.hpp"
#include "plan/cost.hpp"
#include "pool/local_gpus.hpp"
#include "run/artifact_rows.hpp"
#include "run/run_limits.hpp"
#include "run/task_label.hpp"
#include "run/task_message.hpp"
#include "store/run_note.hpp"

namespace latentgrid {

namespace {

// A transaction syncs the disk: quick tasks share one. Bounded, so that a crash loses no more than this from the record.
constexpr double seconds_between_commits = 0.1;
constexpr std::size_t most_in_a_commit = 1000;
constexpr double seconds_between_notes = 2;

std::vector<double> costs_of(const Plan& plan, const ResultsDb& db) {
  std::map<std::pair<std::string, std::string>, std::optional<double>> known;
  auto recorded = [&](const std::string& stage, const std::string& method) {
    auto [found, fresh] = known.try_emplace({stage, method});
    if (fresh) found->second = db.typical_wall_s(stage, method);
    return found->second;
  };
  return estimate_costs(plan.graph, plan.dataset.images, recorded);
}

}  // namespace

SweepRun::SweepRun(const Plan& plan, std::optional<std::int64_t> revision, const RunContext& context)
    : plan_(plan),
      revision_(revision),
      context_(context),
      costs_(costs_of(plan, context.db)),
      scheduler_(plan.graph, critical_paths(plan.graph, costs_)),
      gpus_(context.executor.gpu_slots()),
      eta_(plan.graph, costs_, context.executor.slots(), gpus_.count()),
      jobs_(plan.graph) {
  require_gpus(plan.graph, static_cast<int>(gpus_.free().size()), why_no_gpu_here());
}

RunSummary SweepRun::run() {
  const double started = context_.clock.monotonic_seconds();
  const std::vector<JobStateRow> known =
      revision_ ? context_.db.job_states(*revision_) : std::vector<JobStateRow>(plan_.graph.jobs.size());
  adopt_published(plan_.graph, known, context_.store, context_.db, context_.clock);
  if (revision_) record_results(context_.db, {}, {}, jobs_.changes_from(known));
  while (!scheduler_.idle()) {
    take_interrupts();
    if (!stopping_) dispatch();
    if (!stopping_) share_idle_slots();
    if (!stopping_) context_.executor.expect(scheduler_.at_hand());
    if (is_over()) break;
    for (const ExecutorEvent& event : context_.executor.wait(seconds_to_wait(), context_.interrupts.fd())) handle(event);
    if (commit_is_due()) commit();
    show_progress(context_.clock.monotonic_seconds());
  }
  commit();
  context_.view.finish();
  if (stopping_) context_.executor.terminate();
  return summary(started);
}

// Here, and for those who ask from elsewhere.
void SweepRun::show_progress(double now) {
  const bool is_note_due = now >= next_note_;
  if (!is_note_due && !context_.view.is_due(now)) return;
  eta_.set_slots(context_.executor.slots());
  const double left = eta_.seconds_left(now);
  const RunCounts so_far = counts();
  if (context_.view.is_due(now)) context_.view.refresh(now, so_far, left);
  if (!is_note_due) return;
  next_note_ = now + seconds_between_notes;
  write_run_progress(context_.store, {so_far.done, so_far.total, left});
}

void SweepRun::dispatch() {
  Executor& executor = context_.executor;
  go_on_with_what_is_in_hand();
  std::vector<LongTask> too_long;
  const auto taker_of = [&](int task, const WorkKind& kind, std::int64_t threads) {
    const double seconds = eta_.seconds_of(task);
    const Taker taker = executor.taker_of(kind, threads, seconds);
    if (taker != Taker::nobody_with_enough_time) return taker;
    if (too_long.empty() || too_long.back().kind != kind || too_long.back().threads != threads) too_long.push_back({kind, threads, seconds});
    too_long.back().seconds = std::min(too_long.back().seconds, seconds);
    return taker;
  };
  while (executor.free_slots() > 0) {
    too_long.clear();
    const std::optional<int> task = scheduler_.next(executor.free_threads(), gpus_.free(), taker_of);
    if (!task) break;
    give(*task);
  }
  executor.send_away_those_without_time_for(too_long);
}

void SweepRun::go_on_with_what_is_in_hand() {
  for (const WorkInHand& work : context_.executor.in_hand()) {
    if (task_of_work_.empty()) {
      for (std::size_t task = 0; task < plan_.graph.tasks.size(); ++task) {
        task_of_work_[{plan_.graph.tasks[task].stage, plan_.graph.tasks[task].key}] = static_cast<int>(task);
      }
    }
    const auto found = task_of_work_.find(work);
    if (found != task_of_work_.end() && scheduler_.start(found->second)) give(found->second);
  }
}

void SweepRun::give(int task) {
  ++attempts_[task];
  running_threads_ += node(task).threads;
  context_.executor.submit(message_for(task, gpus_.take(task, node(task))), eta_.seconds_of(task));
  context_.view.started(task, label(task));
  eta_.started(task, started_[task] = context_.clock.monotonic_seconds());
}

// At the sweep's tail slots stand empty: tasks whose numbers don't depend on threads get theirs, the earlier task the rest.
void SweepRun::share_idle_slots() {
  std::vector<int> sharing;
  for (const auto& [task, since] : started_) {  // those that run
    if (node(task).may_share) sharing.push_back(task);
  }
  if (sharing.empty()) return;
  const std::int64_t idle = std::max<std::int64_t>(context_.executor.slots() - running_threads_, 0);
  const auto count = static_cast<std::int64_t>(sharing.size());
  for (std::int64_t i = 0; i < count; ++i) {
    context_.executor.share(sharing[i], 1 + idle / count + (i < idle % count ? 1 : 0));
  }
}

void SweepRun::take_interrupts() {
  if (context_.interrupts.take() == 0) return;
  stop_deadline_ = context_.clock.monotonic_seconds();
  if (std::exchange(stopping_, true)) return;  // asked twice: don't wait for the workers
  stop_deadline_ += seconds_to_stop;
  context_.view.line(context_.interrupts.what() + ": the workers are stopping; interrupt again to end them at once. The next run goes on from the last checkpoint");
  context_.executor.stop();
}

bool SweepRun::is_over() const {
  if (!stopping_) return false;
  return scheduler_.count(TaskState::running) == 0 || context_.clock.monotonic_seconds() >= stop_deadline_;
}

void SweepRun::handle(const ExecutorEvent& event) {
  if (auto* progress = std::get_if<protocol::Progress>(&event)) return task_progressed(*progress);
  if (auto* artifact = std::get_if<protocol::ArtifactReady>(&event)) return artifact_ready(*artifact);
  if (auto* done = std::get_if<protocol::Done>(&event)) return task_done(static_cast<int>(done->task));
  if (auto* failed = std::get_if<protocol::Failed>(&event)) return task_failed(*failed);
  if (auto* returned = std::get_if<TaskReturned>(&event)) return task_returned(static_cast<int>(returned->task));
  if (auto* note = std::get_if<WorkerNote>(&event)) return context_.view.line(note->text);
  const auto& lost = std::get<WorkerLost>(event);
  worker_lost(static_cast<int>(lost.task), lost.kind, lost.message);
}

void SweepRun::task_progressed(const protocol::Progress& progress) {
  const int task = static_cast<int>(progress.task);
  if (const auto known = interruptions_.find(task); known != interruptions_.end() && progress.done > known->second.furthest) {
    known->second = {0, progress.done};
  }
  context_.view.progress(task, progress.done, progress.total, progress.metrics);
  const double fraction = progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
  eta_.progress(task, fraction, context_.clock.monotonic_seconds());
}

void SweepRun::artifact_ready(const protocol::ArtifactReady& artifact) {
  const int task = static_cast<int>(artifact.task);
  const bool others_follow = node(task).missing.size() > 1;  // else the task is done at once
  if (others_follow && is_readable(context_.store, node(task), artifact.extent)) scheduler_.published(task, artifact.extent);
}

void SweepRun::task_done(int task) {
  std::vector<ArtifactRow> rows;
  try {
    for (std::int64_t extent : node(task).missing) {
      rows.push_back(artifact_row(context_.store, node(task), extent, context_.clock));
    }
  } catch (const Error& error) {  // it said done, but what it should have left can't be read
    for (std::int64_t extent : node(task).missing) remove_unreadable(context_.store, node(task), extent);
    return worker_lost(task, "artifact", error.what());
  }
  std::move(rows.begin(), rows.end(), std::back_inserter(unrecorded_.artifacts));
  const double now = context_.clock.monotonic_seconds();
  if (unrecorded_.finished.empty()) unrecorded_.since = now;
  unrecorded_.finished.push_back({task, now - started_.at(task)});
  scheduler_.finished(task);
  eta_.finished(task, now);
  leave(task);
}

void SweepRun::task_failed(const protocol::Failed& failed) {
  const int task = static_cast<int>(failed.task);
  if (failed.kind == "interrupted") return task_interrupted(task, failed.message);
  give_up(task, failed.kind, failed.message, failed.worker);
}

// By whoever: a time limit, another job that goes first. It is not the task's own fault, and it goes on from its checkpoint.
void SweepRun::task_interrupted(int task, const std::string& message) {
  if (stopping_ || ++interruptions_[task].count > interruptions_of_a_task) return lose(task, "interrupted", message);
  --attempts_[task];
  unrecorded_.retried.emplace_back(task, message);
}

void SweepRun::worker_lost(int task, const std::string& kind, const std::string& message) {
  if (kind == "interrupted") return task_interrupted(task, message);
  lose(task, kind, message);
}

void SweepRun::lose(int task, const std::string& kind, const std::string& message) {
  if (stopping_) {  // not a failure: the next run goes on with it
    scheduler_.retry(task);
    return leave(task);
  }
  if (attempts_[task] >= attempts_for_lost_workers) return give_up(task, kind, message);
  note_failure(task, kind, message);
  unrecorded_.retried.emplace_back(task, message);
}

void SweepRun::task_returned(int task) {
  --attempts_[task];
  scheduler_.retry(task);
  eta_.retried(task);
  leave(task);
}

void SweepRun::give_up(int task, const std::string& kind, const std::string& message, const std::string& worker) {
  note_failure(task, kind, message);
  Unrecorded::Failure failure{task, fmt::format("{} failed ({}): {}", label(task), kind, message), worker, {}};
  for (std::int64_t extent : node(task).extents) {
    remove_unreadable(context_.store, node(task), extent);
    if (!context_.store.exists(node(task).stage, {node(task).key, extent})) continue;
    failure.published.push_back(extent);
    if (!node(task).misses(extent)) continue;
    unrecorded_.artifacts.push_back(artifact_row(context_.store, node(task), extent, context_.clock));
  }
  unrecorded_.failed.push_back(std::move(failure));
}

void SweepRun::note_failure(int task, const std::string& kind, const std::string& message) {
  unrecorded_.failures.push_back(
      {node(task).stage, node(task).key, kind, message, context_.clock.utc_timestamp(), attempts_[task]});
}

void SweepRun::leave(int task) {
  running_threads_ -= node(task).threads;
  gpus_.give_back(task);
  started_.erase(task);
  context_.view.ended(task);
}

double SweepRun::seconds_to_wait() const {
  if (unrecorded_.finished.empty()) return seconds_between_turns;
  return std::clamp(unrecorded_.since + seconds_between_commits - context_.clock.monotonic_seconds(), 0.0,
                    seconds_between_turns);
}

bool SweepRun::commit_is_due() const {
  const Unrecorded& u = unrecorded_;
  if (!u.failures.empty() || !u.retried.empty() || u.finished.size() >= most_in_a_commit) return true;
  return !u.finished.empty() && context_.clock.monotonic_seconds() >= u.since + seconds_between_commits;
}

void SweepRun::commit() {
  std::vector<JobStateRow> states;
  for (const Finished& finished : unrecorded_.finished) {
    jobs_.task_ended(finished.task, node(finished.task).extents, "", states);
  }
  for (const Unrecorded::Failure& failure : unrecorded_.failed) {
    scheduler_.failed(failure.task, failure.published);
    jobs_.task_ended(failure.task, failure.published, failure.reason, states);
  }
  for (const auto& [task, message] : unrecorded_.retried) scheduler_.retry(task);
  if (!revision_) states.clear();
  record_results(context_.db, unrecorded_.artifacts, unrecorded_.failures, states);
  report(std::exchange(unrecorded_, {}));
}

void SweepRun::report(const Unrecorded& recorded) {
  const double now = context_.clock.monotonic_seconds();
  RunCounts then = counts();
  then.done -= static_cast<std::int64_t>(recorded.finished.size());
  for (const auto& [task, seconds] : recorded.finished) {
    ++then.done;
    context_.view.finished(label(task), seconds, now, then);
  }
  for (const auto& [task, reason, worker, published] : recorded.failed) {
    leave(task);
    eta_.dropped(task);
    context_.view.problem("failed: " + reason + (worker.empty() ? "" : "\n  " + worker));
  }
  for (const auto& [task, message] : recorded.retried) {
    leave(task);
    eta_.retried(task);
    context_.view.line(fmt::format("trying again: {} ({})", label(task), message));
  }
}

protocol::Run SweepRun::message_for(int task, const std::string& device) const {
  protocol::Run run = task_message(plan_.graph, task, attempts_.at(task));
  run.device = device;
  if (reads_dataset(run.stage, run.params)) {
    const auto& dataset = node(task).dataset;
    run.sources = {{"dataset", dataset ? *dataset : plan_.sweep.dataset.to_json()}};
  }
  return run;
}

std::string SweepRun::label(int task) const {
  return task_label(node(task), plan_.expansion.jobs[jobs_.first_job_of(task)]);
}

RunCounts SweepRun::counts() const {
  auto count = [&](TaskState state) { return scheduler_.count(state); };
  std::int64_t total = static_cast<std::int64_t>(plan_.graph.tasks.size()) - count(TaskState::reused);
  const auto unrecorded = static_cast<std::int64_t>(unrecorded_.finished.size());
  return {count(TaskState::done) - unrecorded, count(TaskState::failed), count(TaskState::skipped), total};
}

RunSummary SweepRun::summary(double started) const {
  RunSummary s;
  for (JobState state : job_states()) {
    s.jobs_complete += state == JobState::complete;
    s.jobs_failed += state == JobState::failed;
    s.jobs_skipped += state == JobState::skipped;
    s.jobs_pending += state == JobState::pending;
  }
  s.tasks_executed = scheduler_.count(TaskState::done);
  s.tasks_reused = scheduler_.count(TaskState::reused);
  s.tasks_failed = scheduler_.count(TaskState::failed);
  s.wall_s = context_.clock.monotonic_seconds() - started;
  s.interrupted = stopping_;
  return s;
}

}  // namespace latentgrid
