#include "pool/detached.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/file_system.hpp"
#include "pool/executors.hpp"
#include "pool/submissions.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path log_in(const fs::path& logs, const std::string& job) { return logs / (job + ".log"); }

// Two would start, and the second would find the first at work.
void refuse_second(const MailboxFolder& folder, const fs::path& logs, Launcher& launcher) {
  for (const SubmittedRun& run : runs_not_begun(folder)) {
    const SeenRun seen = see_submitted_run(run, logs, &launcher);
    if (!seen.problem.empty()) {
      throw SchedulerError(fmt::format("a run of {} was submitted from this results folder before, and whether it has ended is not known: {}", run.sweep, seen.problem),
                           "try again when the scheduler answers", true);
    }
    if (!seen.is_alive()) {
      forget_submitted_run(folder, run.job);
      continue;
    }
    const char* how = seen.listed->state == WorkerState::pending ? "has not started yet" : "plans its work";
    throw SchedulerError(fmt::format("a run of {} was submitted from this results folder before, as job {}, and {}", run.sweep, seen.listed->id, how),
                         fmt::format("wait for it, or cancel it with {}", command_to_cancel(run)), false);
  }
}

}  // namespace

// Each job has a name of its own, so that a scheduler can be asked about one alone.
DetachedSubmission::DetachedSubmission(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher) : folder_(folder), launcher_(launcher) {
  refuse_second(folder, run.logs, launcher);
  const Submissions submissions(folder);
  fs::create_directories(run.logs);
  index_ = submissions.next(coordinator_crew);
  request_.what = "the job of this run";
  request_.name = submissions.job_name(fmt::format("{}-{}", coordinator_crew, index_));
  request_.argv = run.argv;
  request_.folder = run.folder;
  request_.log = log_in(run.logs, request_.name);
  request_.resources = run.resources;
  run_ = {request_.name, run.executor, run.sweep};
  launcher.check(request_);
}

void DetachedSubmission::record() {
  fs::create_directories(folder_.runs());
  write_file_atomically(folder_.runs() / run_.job, fmt::format("{} {}", run_.executor, run_.sweep));
  if (Submissions(folder_).record(coordinator_crew, index_, 1)) return;
  throw SchedulerError(fmt::format("cannot write to {}", folder_.root.string()), "free some space in the results folder", false);
}

DetachedJob DetachedSubmission::submit() {
  try {
    return {launcher_.submit(request_).wait().front().id, request_.log};
  } catch (const SchedulerError& error) {
    if (!error.temporary()) forget_submitted_run(folder_, run_.job);  // else it may be in the queue all the same
    throw;
  }
}

SeenRun see_submitted_run(const SubmittedRun& run, const fs::path& logs, Launcher* launcher) {
  SeenRun seen;
  seen.run = run;
  seen.log = log_in(logs, run.job);
  std::error_code none;
  if (launcher) {
    try {
      seen.was_asked = true;
      const std::vector<ListedWorker> listed = launcher->list({{run.job, 1}}).wait();
      if (!listed.empty()) seen.listed = listed.front();
    } catch (const SchedulerError& error) {
      seen.problem = error.what();
    }
  }
  seen.has_log = fs::exists(seen.log, none);
  return seen;
}

void forget_submitted_run(const MailboxFolder& folder, const std::string& job) {
  std::error_code ignored;
  fs::remove(folder.runs() / job, ignored);
}

void forget_started_runs(const MailboxFolder& folder, const fs::path& logs) {
  std::error_code none;
  for (const SubmittedRun& run : runs_not_begun(folder)) {
    if (fs::exists(log_in(logs, run.job), none)) forget_submitted_run(folder, run.job);
  }
}

std::string command_to_cancel(const SubmittedRun& run) {
  const auto is_it = [&](const ExecutorKind& kind) { return kind.name == run.executor && kind.has_commands; };
  const bool needs_file = std::any_of(executors().begin(), executors().end(), is_it);
  return fmt::format("`latentgrid cancel {}`", needs_file ? "FILE" : run.sweep);
}

}  // namespace latentgrid
