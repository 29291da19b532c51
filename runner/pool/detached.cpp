#include "pool/detached.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <system_error>

#include "pool/submissions.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* index_variable = "LATENTGRID_DETACHED";  // in the job that such a run is

// Each has a name of its own, so that a scheduler can be asked about one alone.
std::string name_of(const std::string& id, int index) { return job_name(id, fmt::format("{}-{}", coordinator_crew, index)); }

fs::path log_in(const fs::path& logs, const std::string& name) { return logs / (name + ".log"); }

// Two would start, and the second would find the first at work.
void refuse_second(const MailboxFolder& folder, const fs::path& logs, Launcher& launcher) {
  const std::optional<SeenRun> before = see_submitted_run(folder, logs, &launcher);
  if (!before || !before->listed || before->listed->state != WorkerState::pending) return;
  throw SchedulerError(fmt::format("a run of {} was submitted from this results folder before, as job {}, and has not started yet", before->run.sweep, before->listed->id),
                       fmt::format("wait until it has, or remove it from the queue with `latentgrid cancel {}`", before->run.sweep), false);
}

}  // namespace

DetachedJob submit(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher) {
  Submissions submissions(folder);
  fs::create_directories(run.logs);
  refuse_second(folder, run.logs, launcher);
  const int index = submissions.next(coordinator_crew);
  WorkerRequest request;
  request.name = name_of(known_id(folder).value_or(""), index);
  request.argv = {"env", fmt::format("{}={}", index_variable, index)};
  request.argv.insert(request.argv.end(), run.argv.begin(), run.argv.end());
  request.folder = run.folder;
  request.log = log_in(run.logs, request.name);
  request.resources = run.resources;
  launcher.check(request);
  if (!submissions.record_run(index, run.executor, run.sweep)) {
    throw SchedulerError(fmt::format("cannot write to {}", folder.root.string()), "free some space in the results folder", false);
  }
  return {launcher.submit(request).wait().front().id, request.log};
}

std::optional<SeenRun> see_submitted_run(const MailboxFolder& folder, const fs::path& logs, Launcher* launcher) {
  const std::optional<SubmittedRun> run = run_not_begun(folder);
  if (!run) return std::nullopt;
  SeenRun seen{*run, name_of(known_id(folder).value_or(""), run->index), {}, {}, {}};
  seen.log = log_in(logs, seen.name);
  if (!launcher) {
    seen.problem = "its commands are not known here";
    return seen;
  }
  try {
    const std::vector<ListedWorker> listed = launcher->list({{seen.name, 1}}).wait();
    if (!listed.empty()) seen.listed = listed.front();
  } catch (const SchedulerError& error) {
    seen.problem = error.what();
    return seen;
  }
  std::error_code none;
  const bool has_ended = !seen.listed || seen.listed->state == WorkerState::ended;
  return has_ended && !fs::exists(seen.log, none) ? std::nullopt : std::optional(seen);
}

void note_begun(const MailboxFolder& folder) {
  const char* given = std::getenv(index_variable);
  const std::optional<SubmittedRun> run = run_not_begun(folder);
  if (given && run && given == std::to_string(run->index)) Submissions(folder).record_begun(run->index);
}

}  // namespace latentgrid
