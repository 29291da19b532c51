#include "cli/goings_on.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "cli/open_results.hpp"
#include "cli/slow_notice.hpp"
#include "pool/executors.hpp"
#include "pool/submitted.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

constexpr double seconds_to_list_jobs = 10;  // the user waits for the rest meanwhile

// A folder that was copied to a machine without the scheduler has nothing to ask.
bool is_worth_asking(const GoingsOn& seen) {
  return seen.run || std::any_of(seen.workers.workers.begin(), seen.workers.workers.end(), may_be_there);
}

void ask_schedulers(GoingsOn& seen, const MailboxFolder& mailbox, const std::filesystem::path& logs, const LauncherTemplates& commands) {
  const auto launcher_for = [&](const std::string& executor) {
    seen.lacks_commands |= lacks_commands(mailbox, executor, commands);
    try {
      return launcher_of(mailbox, executor, commands, system_clock(), seconds_to_list_jobs);
    } catch (const Error& error) {  // commands that can't be used
      seen.workers.scheduler_problem = error.what();
      return std::unique_ptr<Launcher>();
    }
  };
  std::optional<SlowNotice> notice;
  const auto may_be_slow = [&](const Launcher* launcher) {
    if (launcher && !notice) notice.emplace(fmt::format("waiting for {} to say what it knows of the workers", launcher->scheduler()));
  };
  if (is_worth_asking(seen)) {
    const std::unique_ptr<Launcher> launcher = launcher_for(seen.run ? seen.run->executor : "");
    may_be_slow(launcher.get());
    if (launcher) ask_scheduler(seen.workers, mailbox, *launcher);
  }
  for (const SubmittedRun& run : runs_not_begun(mailbox)) {
    const std::unique_ptr<Launcher> launcher = launcher_for(run.executor);
    may_be_slow(launcher.get());
    SeenRun submitted = see_submitted_run(run, logs, launcher.get());
    if (!submitted.was_removed()) seen.submitted.push_back(std::move(submitted));
  }
}

}  // namespace

MailboxFolder mailbox_of(const Context& context) { return {std::filesystem::absolute(context.results) / "mailbox"}; }

GoingsOn goings_on(const Context& context, const LauncherTemplates& commands, Purpose purpose) {
  const ArtifactStore store(context.results);
  const MailboxFolder mailbox = mailbox_of(context);
  GoingsOn seen;
  seen.holder = lock_holder(store.lock_file());
  if (std::vector<RunNote> notes = run_notes(store); !notes.empty()) seen.run = std::move(notes.front());
  seen.works = seen.run && seen.holder && seen.holder->starts_with(fmt::format("pid {} on {} ", seen.run->process, seen.run->host));
  const std::filesystem::file_time_type now = purpose == Purpose::act ? time_of_files(mailbox) : std::filesystem::file_time_type::clock::now();
  seen.workers = see_mailbox(mailbox, store.logs(), now);
  const bool is_here = seen.run && seen.run->executor == executors().front().name;
  if (seen.run && !is_here) seen.silence_s = seconds_since_beat(mailbox.coordinator(), now);
  ask_schedulers(seen, mailbox, store.logs(), commands);
  if (seen.works) {
    SeenWorkers here = see_processes(store.logs(), seen.run->since);
    seen.workers.workers.insert(seen.workers.workers.end(), here.workers.begin(), here.workers.end());
  }
  return seen;
}

std::string in_words(const SeenWorker& worker) {
  if (worker.name.empty()) return worker.listed ? fmt::format("a worker that had not joined (job {})", worker.listed->id) : "a worker";
  const std::string name = "worker " + worker.name;
  const std::string place = worker.place ? latentgrid::in_words(*worker.place) : "";
  return place.empty() ? name : name + " " + place;
}

std::string in_words(const SeenRun& submitted) {
  const std::string& sweep = submitted.run.sweep;
  if (!submitted.was_asked) return fmt::format("a run of {} was submitted as a job", sweep);
  if (!submitted.problem.empty()) return fmt::format("a run of {} was submitted as a job; what the scheduler says of it is missing: {}", sweep, submitted.problem);
  const std::string reason = submitted.listed && !submitted.listed->reason.empty() ? fmt::format(" ({})", why(*submitted.listed)) : "";
  if (!submitted.is_alive()) {
    return fmt::format("a run of {} was submitted as a job, which ended before the run began its work{}; its output is in {}", sweep, reason, submitted.log.string());
  }
  const ListedWorker& job = *submitted.listed;
  if (job.state == WorkerState::pending) {
    return fmt::format("a run of {} was submitted as job {} and waits in the queue{}: {} removes it", sweep, job.id, reason, command_to_cancel(submitted.run));
  }
  const std::string node = job.node.empty() ? "" : " on " + job.node;
  return fmt::format("a run of {} has started as job {}{} and plans its work; its output goes to {}", sweep, job.id, node, submitted.log.string());
}

std::string hint_about(const SeenRun& submitted) {
  if (!submitted.was_asked || !submitted.listed || submitted.listed->state != WorkerState::pending) return "";
  const std::string& remedy = submitted.listed->remedy;
  return remedy.empty() || remedy.find("--slurm") != std::string::npos ? "" : fmt::format("  hint: {}\n", remedy);
}

}  // namespace latentgrid::cli
