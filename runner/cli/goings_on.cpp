#include "cli/goings_on.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/open_results.hpp"
#include "cli/slow_notice.hpp"
#include "pool/executors.hpp"
#include "pool/submitted.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

constexpr double seconds_for_the_scheduler = 10;

// A folder that was copied to a machine without the scheduler has nothing to ask.
bool is_worth_asking(const GoingsOn& seen) {
  return seen.run || std::any_of(seen.workers.workers.begin(), seen.workers.workers.end(), may_be_there);
}

void ask_schedulers(GoingsOn& seen, const MailboxFolder& mailbox, const std::filesystem::path& logs, const LauncherTemplates& commands) {
  const auto launcher_for = [&](const std::string& executor) {
    seen.lacks_commands |= lacks_commands(mailbox, executor, commands);
    return launcher_of(mailbox, executor, commands, system_clock(), seconds_for_the_scheduler);
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
  if (const std::optional<SubmittedRun> submitted = run_not_begun(mailbox)) {
    const std::unique_ptr<Launcher> launcher = launcher_for(submitted->executor);
    may_be_slow(launcher.get());
    seen.submitted = see_submitted_run(mailbox, logs, launcher.get());
  }
}

}  // namespace

MailboxFolder mailbox_of(const Context& context) { return {std::filesystem::absolute(context.results) / "mailbox"}; }

GoingsOn goings_on(const Context& context, const LauncherTemplates& commands) {
  const ArtifactStore store(context.results);
  const MailboxFolder mailbox = mailbox_of(context);
  GoingsOn seen;
  seen.holder = lock_holder(store.lock_file());
  if (std::vector<RunNote> notes = run_notes(store); !notes.empty()) seen.run = std::move(notes.front());
  seen.works = seen.run && seen.holder && seen.holder->starts_with(fmt::format("pid {} on {} ", seen.run->process, seen.run->host));
  seen.workers = see_mailbox(mailbox, store.logs());
  const bool is_here = seen.run && seen.run->executor == executors().front().name;
  if (seen.run && !is_here) seen.silence_s = seconds_since_beat(mailbox.coordinator());
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
  const std::string output = submitted.log.string();
  if (!submitted.problem.empty()) return fmt::format("a run of {} was submitted; what the scheduler says of it is missing: {}", sweep, submitted.problem);
  const WorkerState state = submitted.listed ? submitted.listed->state : WorkerState::ended;
  const std::string reason = submitted.listed && !submitted.listed->reason.empty() ? fmt::format(" ({})", why(*submitted.listed)) : "";
  if (state == WorkerState::pending) {
    return fmt::format("a run of {0} was submitted as job {1} and waits in the queue{2}: `latentgrid cancel {0}` removes it", sweep, submitted.listed->id, reason);
  }
  if (state != WorkerState::ended) {
    return fmt::format("a run of {} has started as job {} on {} and plans its work; its output goes to {}", sweep, submitted.listed->id, submitted.listed->node, output);
  }
  return fmt::format("the run of {} that was submitted last ended before it began to work{}; its output is in {}", sweep, reason, output);
}

}  // namespace latentgrid::cli
