#include "pool/detached.hpp"

#include <fmt/format.h>

#include "pool/submissions.hpp"

namespace latentgrid {

namespace {

// Two would start, and the second would find the first at work.
void refuse_second(const WorkerRequest& request, Launcher& launcher) {
  if (request.first == 0) return;
  for (const ListedWorker& job : launcher.list({{request.name, request.first}}).wait()) {
    if (job.state != WorkerState::pending) continue;
    throw SchedulerError(fmt::format("a run was submitted from this results folder before, as job {}, and has not started yet", job.id),
                         "wait until it has, or remove it from the scheduler's queue", false);
  }
}

}  // namespace

DetachedJob submit(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher) {
  Submissions submissions(folder);
  std::filesystem::create_directories(run.logs);
  WorkerRequest request;
  request.name = submissions.job_name(coordinator_crew);
  request.first = submissions.next(coordinator_crew);
  request.argv = run.argv;
  request.folder = run.folder;
  request.log = run.logs / fmt::format("{}-{{index}}.log", request.name);
  request.resources = run.resources;
  refuse_second(request, launcher);
  launcher.check(request);
  if (!submissions.record(coordinator_crew, request.first, 1)) {
    throw SchedulerError(fmt::format("cannot write to {}", folder.root.string()), "free some space in the results folder", false);
  }
  const std::vector<Submitted> submitted = launcher.submit(request).wait();
  return {submitted.front().id, launcher.log_of(request, request.first)};
}

}  // namespace latentgrid
