#include "run/sweep_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "plan/cost.hpp"
#include "run/task_message.hpp"
#include "run/patience.hpp"

namespace latentgrid {

namespace {

// A transaction syncs the disk: quick tasks share one. Bounded, so that a crash loses no more than this from the record.
constexpr double seconds_between_commits = 0.1;
constexpr std::size_t most_in_a_commit = 1000;
constexpr std::size_t most_adopted_at_once = 1000;

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

SweepRun::SweepRun(const Plan& plan, const ArtifactStore& store, ResultsDb& db, std::optional<std::int64_t> revision,
                   Executor& executor, Interrupts& interrupts, const Clock& clock, RunView& view)
    : SweepRun(plan, store, db, revision, executor, interrupts, clock, view, costs_of(plan, db)) {}

SweepRun::SweepRun(const Plan& plan, const ArtifactStore& store, ResultsDb& db, std::optional<std::int64_t> revision,
                   Executor& executor, Interrupts& interrupts, const Clock& clock, RunView& view,
                   const std::vector<double>& costs)
    : plan_(plan),
      store_(store),
      db_(db),
      revision_(revision),
      executor_(executor),
      interrupts_(interrupts),
      clock_(clock),
      view_(view),
      scheduler_(plan.graph, critical_paths(plan.graph, costs)),
      gpus_(executor.gpu_slots()),
      eta_(plan.graph, costs, executor.slots(), gpus_.count()),
      jobs_of_task_(plan.graph.tasks.size()),
      open_tasks_of_job_(plan.graph.jobs.size(), 0),
      job_states_(plan.graph.jobs.size(), JobState::pending) {
  require_gpus(plan.graph, static_cast<int>(gpus_.free().size()));
  for (std::size_t job = 0; job < plan.graph.jobs.size(); ++job) {
    for (const JobStep& step : plan.graph.jobs[job].path) {
      const std::vector<std::int64_t>& missing = plan.graph.tasks[step.task].missing;
      if (std::find(missing.begin(), missing.end(), step.extent) == missing.end()) continue;
      jobs_of_task_[step.task].push_back(static_cast<int>(job));
      ++open_tasks_of_job_[job];
    }
  }
}

RunSummary SweepRun::run() {
  double started = clock_.monotonic_seconds();
  const std::vector<JobStateRow> known = known_states();
  adopt_published(known);
  record_initial_states(known);
  while (!scheduler_.idle()) {
    take_interrupts();
    if (!stopping_) dispatch();
    if (!stopping_) share_idle_slots();
    if (stopping_ && (scheduler_.count(TaskState::running) == 0 || clock_.monotonic_seconds() > stop_deadline_)) break;
    for (const ExecutorEvent& event : executor_.wait(seconds_to_wait(), interrupts_.fd())) handle(event);
    if (commit_is_due()) commit();
    double now = clock_.monotonic_seconds();
    view_.refresh(now, counts(), eta_.seconds_left(now));
  }
  commit();
  view_.finish();
  if (stopping_) executor_.terminate();
  return summary(started);
}

std::vector<JobStateRow> SweepRun::known_states() const {
  if (revision_) return db_.job_states(*revision_);
  return std::vector<JobStateRow>(plan_.graph.jobs.size());
}

// What is published and not recorded. A job that the database calls complete has nothing of that kind on its path.
void SweepRun::adopt_published(const std::vector<JobStateRow>& known) {
  std::vector<std::pair<int, std::int64_t>> published;
  for (std::size_t job = 0; job < known.size(); ++job) {
    if (known[job].state == JobState::complete) continue;
    for (const JobStep& step : plan_.graph.jobs[job].path) {
      const std::vector<std::int64_t>& missing = plan_.graph.tasks[step.task].missing;
      if (std::find(missing.begin(), missing.end(), step.extent) == missing.end()) {
        published.emplace_back(step.task, step.extent);
      }
    }
  }
  std::sort(published.begin(), published.end());
  published.erase(std::unique(published.begin(), published.end()), published.end());
  std::vector<std::pair<std::string, ArtifactId>> names;
  for (const auto& [task, extent] : published) {
    names.push_back({plan_.graph.tasks[task].stage, {plan_.graph.tasks[task].key, extent}});
  }
  const std::vector<bool> recorded = db_.recorded(names);
  std::vector<ArtifactRow> rows;
  std::size_t unreadable = 0;
  for (std::size_t i = 0; i < published.size(); ++i) {
    const TaskNode& task = plan_.graph.tasks[published[i].first];
    if (!recorded[i] && remove_unreadable(task, published[i].second)) {
      ++unreadable;
    } else if (!recorded[i]) {
      rows.push_back(read_row(task, published[i].second));
    }
    if (rows.size() < most_adopted_at_once && i + 1 < published.size()) continue;
    db_.record(rows, {}, {});
    rows.clear();
  }
  if (unreadable == 0) return;
  // The plan took them for published: only planning anew can tell what is to be done for them.
  throw Error(fmt::format("the records of {} artifact{} could not be read and {} removed: run again to make {} anew",
                          unreadable, unreadable == 1 ? "" : "s", unreadable == 1 ? "was" : "were",
                          unreadable == 1 ? "it" : "them"));
}

void SweepRun::record_initial_states(const std::vector<JobStateRow>& known) {
  std::vector<JobStateRow> changed;
  for (std::size_t job = 0; job < job_states_.size(); ++job) {
    if (open_tasks_of_job_[job] == 0) job_states_[job] = JobState::complete;
    if (known[job].state != job_states_[job]) changed.push_back({plan_.graph.jobs[job].id, job_states_[job], ""});
  }
  if (revision_) db_.record({}, {}, changed);
}

void SweepRun::dispatch() {
  while (executor_.free_slots() > 0) {
    std::optional<int> task = scheduler_.next(executor_.slots() - running_threads_, gpus_.free());
    if (!task) return;
    ++attempts_[*task];
    running_threads_ += plan_.graph.tasks[*task].threads;
    executor_.submit(message_for(*task, gpus_.take(*task, plan_.graph.tasks[*task])));
    view_.started(*task, label(*task));
    eta_.started(*task, started_[*task] = clock_.monotonic_seconds());
  }
}

// At the sweep's tail slots stand empty: tasks whose numbers don't depend on threads get theirs, the earlier task the rest.
void SweepRun::share_idle_slots() {
  std::vector<int> sharing;
  for (const auto& [task, since] : started_) {  // those that run
    if (plan_.graph.tasks[task].may_share) sharing.push_back(task);
  }
  if (sharing.empty()) return;
  const std::int64_t idle = std::max<std::int64_t>(executor_.slots() - running_threads_, 0);
  const auto count = static_cast<std::int64_t>(sharing.size());
  for (std::int64_t i = 0; i < count; ++i) executor_.share(sharing[i], 1 + idle / count + (i < idle % count ? 1 : 0));
}

void SweepRun::take_interrupts() {
  int signals = interrupts_.take();
  if (signals == 0) return;
  if (stopping_) {  // asked twice: don't wait for the workers
    stop_deadline_ = clock_.monotonic_seconds();
    return;
  }
  stopping_ = true;
  stop_deadline_ = clock_.monotonic_seconds() + seconds_to_stop;
  view_.line("interrupted: the workers are stopping; interrupt again to end them at once. The next run goes on from the last checkpoint");
  executor_.stop();
}

void SweepRun::handle(const ExecutorEvent& event) {
  if (auto* progress = std::get_if<protocol::Progress>(&event)) {
    int task = static_cast<int>(progress->task);
    view_.progress(task, progress->done, progress->total, progress->metrics);
    double fraction = progress->total > 0 ? static_cast<double>(progress->done) / static_cast<double>(progress->total) : 0;
    eta_.progress(task, fraction, clock_.monotonic_seconds());
  } else if (auto* artifact = std::get_if<protocol::ArtifactReady>(&event)) {
    const TaskNode& node = plan_.graph.tasks[static_cast<std::size_t>(artifact->task)];
    const bool others_follow = node.missing.size() > 1;  // else the task is done at once
    if (others_follow && is_readable(node, artifact->extent)) {
      scheduler_.published(static_cast<int>(artifact->task), artifact->extent);
    }
  } else if (auto* done = std::get_if<protocol::Done>(&event)) {
    task_done(static_cast<int>(done->task));
  } else if (auto* failed = std::get_if<protocol::Failed>(&event)) {
    task_failed(static_cast<int>(failed->task), failed->kind, failed->message, false);
  } else if (auto* lost = std::get_if<WorkerLost>(&event)) {
    task_failed(static_cast<int>(lost->task), lost->kind, lost->message, true);
  }
}

void SweepRun::task_done(int task) {
  const TaskNode& node = plan_.graph.tasks[task];
  try {
    for (std::int64_t extent : node.missing) unrecorded_.artifacts.push_back(read_row(node, extent));
  } catch (const Error& error) {  // it said done, but what it should have left can't be read
    for (std::int64_t extent : node.missing) remove_unreadable(node, extent);
    return task_failed(task, "artifact", error.what(), true);
  }
  const double now = clock_.monotonic_seconds();
  if (unrecorded_.finished.empty()) unrecorded_.since = now;
  unrecorded_.finished.push_back({task, now - started_.at(task)});
  scheduler_.finished(task);
  eta_.finished(task, now);
  leave(task);
}

void SweepRun::task_failed(int task, const std::string& kind, const std::string& message, bool infrastructure) {
  if (stopping_ && (infrastructure || kind == "interrupted")) {
    scheduler_.retry(task);  // not a failure: the next run goes on with it
    return leave(task);
  }
  const TaskNode& node = plan_.graph.tasks[task];
  unrecorded_.failures.push_back({node.stage, node.key, kind, message, clock_.utc_timestamp(), attempts_[task]});
  if (infrastructure && attempts_[task] < attempts_for_infrastructure) {
    unrecorded_.retried.emplace_back(task, message);
  } else {
    Unrecorded::Failure failure{task, fmt::format("{} failed ({}): {}", label(task), kind, message), {}};
    for (std::int64_t extent : node.extents) {
      if (!store_.exists(node.stage, {node.key, extent})) continue;
      failure.published.push_back(extent);
      bool fresh = std::find(node.missing.begin(), node.missing.end(), extent) != node.missing.end();
      if (fresh) unrecorded_.artifacts.push_back(read_row(node, extent));
    }
    unrecorded_.failed.push_back(std::move(failure));
  }
}

void SweepRun::leave(int task) {
  running_threads_ -= plan_.graph.tasks[task].threads;
  gpus_.give_back(task);
  started_.erase(task);
  view_.ended(task);
}

double SweepRun::seconds_to_wait() const {
  if (unrecorded_.finished.empty()) return seconds_between_turns;
  return std::clamp(unrecorded_.since + seconds_between_commits - clock_.monotonic_seconds(), 0.0, seconds_between_turns);
}

bool SweepRun::commit_is_due() const {
  const Unrecorded& u = unrecorded_;
  if (!u.failed.empty() || !u.retried.empty() || !u.failures.empty()) return true;
  return u.finished.size() >= most_in_a_commit ||
         (!u.finished.empty() && clock_.monotonic_seconds() >= u.since + seconds_between_commits);
}

void SweepRun::commit() {
  std::vector<JobStateRow> states;
  for (const Finished& finished : unrecorded_.finished) {
    job_states_after(finished.task, plan_.graph.tasks[finished.task].extents, states);
  }
  for (const Unrecorded::Failure& failure : unrecorded_.failed) {
    scheduler_.failed(failure.task, failure.reason, failure.published);
    job_states_after(failure.task, failure.published, states);
  }
  for (const auto& [task, message] : unrecorded_.retried) scheduler_.retry(task);
  if (!revision_) states.clear();
  db_.record(unrecorded_.artifacts, unrecorded_.failures, states);
  report(std::exchange(unrecorded_, {}));
}

void SweepRun::report(const Unrecorded& recorded) {
  const double now = clock_.monotonic_seconds();
  RunCounts then = counts();
  then.done -= static_cast<std::int64_t>(recorded.finished.size());
  for (const auto& [task, seconds] : recorded.finished) {
    ++then.done;
    view_.finished(label(task), seconds, now, then);
  }
  for (const auto& [task, reason, published] : recorded.failed) {
    leave(task);
    eta_.dropped(task);
    view_.problem("failed: " + reason);
  }
  for (const auto& [task, message] : recorded.retried) {
    leave(task);
    eta_.retried(task);
    view_.line(fmt::format("trying again: {} ({})", label(task), message));
  }
}

void SweepRun::job_states_after(int task, const std::vector<std::int64_t>& available, std::vector<JobStateRow>& states) {
  for (int job : jobs_of_task_[task]) {
    const JobNode& node = plan_.graph.jobs[job];
    auto step = std::find_if(node.path.begin(), node.path.end(), [&](const JobStep& s) { return s.task == task; });
    if (std::find(available.begin(), available.end(), step->extent) != available.end()) {
      if (--open_tasks_of_job_[job] == 0) states.push_back({node.id, job_states_[job] = JobState::complete, ""});
      continue;
    }
    if (job_states_[job] != JobState::pending) continue;
    // The job's own last task failed, or something before it that others may share.
    bool own = node.path.back().task == task;
    job_states_[job] = own ? JobState::failed : JobState::skipped;
    states.push_back({node.id, job_states_[job], scheduler_.reason(task)});
  }
}

bool SweepRun::remove_unreadable(const TaskNode& task, std::int64_t extent) const {
  const ArtifactId id = {task.key, extent};
  if (!store_.exists(task.stage, id) || is_readable(task, extent)) return false;
  store_.remove(task.stage, id);
  return true;
}

bool SweepRun::is_readable(const TaskNode& task, std::int64_t extent) const {
  try {
    read_row(task, extent);
    return true;
  } catch (const Error&) {
    return false;
  }
}

ArtifactRow SweepRun::read_row(const TaskNode& task, std::int64_t extent) const {
  ArtifactId id{task.key, extent};
  return {task.stage, id, store_.read_record(task.stage, id), clock_.utc_timestamp()};
}

protocol::Run SweepRun::message_for(int task, const std::string& device) const {
  protocol::Run run = task_message(plan_.graph, task, attempts_.at(task));
  run.device = device;
  if (run.stage == "load" || run.stage == "score") {
    const auto& dataset = plan_.graph.tasks[task].dataset;
    run.sources = {{"dataset", dataset ? *dataset : plan_.sweep.dataset.to_json()}};
  }
  return run;
}

// Named after the first job that needs the task: "train AE2 latent 32 seed 0 to 20 epochs", "tsne 2-D of AE1 seed 1".
std::string SweepRun::label(int task) const {
  const TaskNode& node = plan_.graph.tasks[task];
  const Job& job = plan_.expansion.jobs[jobs_of_task_[task].front()];
  if (node.stage == "load") return "load " + (node.dataset ? node.dataset->value("name", "") : job.dataset);
  std::string model = job.architecture;
  if (job.model && job.latent != "native") model += " latent " + job.latent;
  if (job.model) model += fmt::format(" seed {}", job.seed);
  if (node.stage == "train") return fmt::format("train {} to {} epochs", model, node.extents.back());
  if (job.model) model += fmt::format(" epoch {}", job.epochs);
  if (node.stage == "encode" || node.stage == "reconstruct") return node.stage + " " + model;
  if (node.stage == "trustworthiness") return "trustworthiness of a map of " + model;
  if (node.stage == "reduce") {
    const Json& params = *node.params;
    std::string method = params.at("method");
    if (method != "pca") method += fmt::format(" {}-D", params.value("dim", job.reduced_dim));
    return fmt::format("{} to {} of {}", method, fmt::join(node.extents, ", "), model);
  }
  std::string points = job.reduction.empty() ? "" : fmt::format(" {} {}-D of", job.reduction_name, job.reduced_dim);
  if (!job.model) model += fmt::format(" seed {}", job.seed);
  return fmt::format("{}{} {}", node.stage, points, model);
}

RunCounts SweepRun::counts() const {
  auto count = [&](TaskState state) { return scheduler_.count(state); };
  std::int64_t total = static_cast<std::int64_t>(plan_.graph.tasks.size()) - count(TaskState::reused);
  const auto unrecorded = static_cast<std::int64_t>(unrecorded_.finished.size());
  return {count(TaskState::done) - unrecorded, count(TaskState::failed), count(TaskState::skipped), total};
}

RunSummary SweepRun::summary(double started) const {
  RunSummary s;
  for (JobState state : job_states_) {
    s.jobs_complete += state == JobState::complete;
    s.jobs_failed += state == JobState::failed;
    s.jobs_skipped += state == JobState::skipped;
    s.jobs_pending += state == JobState::pending;
  }
  s.tasks_executed = scheduler_.count(TaskState::done);
  s.tasks_reused = scheduler_.count(TaskState::reused);
  s.tasks_failed = scheduler_.count(TaskState::failed);
  s.wall_s = clock_.monotonic_seconds() - started;
  s.interrupted = stopping_;
  return s;
}

}  // namespace latentgrid
