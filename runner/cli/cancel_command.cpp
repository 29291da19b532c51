#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "base/heartbeat.hpp"
#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/goings_on.hpp"
#include "cli/open_results.hpp"
#include "cli/slow_notice.hpp"
#include "cli/sweep_or_file.hpp"
#include "db/revisions.hpp"
#include "pool/farewell.hpp"
#include "pool/submitted.hpp"
#include "run/run_limits.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

constexpr double seconds_for_the_end = 3 * seconds_to_stop;  // of a run that was asked: it waits for its workers first
constexpr auto between_questions = std::chrono::milliseconds(200);
constexpr double seconds_to_cancel_jobs = 60;

std::string who(const RunNote& run) { return fmt::format("process {} on {} since {}", run.process, run.host, run.since); }

// It may be on a machine that is gone, whose word in the lock nobody takes back.
bool seems_dead(const GoingsOn& seen) { return seen.silence_s && *seen.silence_s >= seconds_without_a_beat; }

// Whether it has ended. One on this machine may be waiting for its workers; its folder goes when it has ended.
bool end_run(const RunNote& run, const Context& context) {
  const ArtifactStore store(context.results);
  if (!ask_to_end(store, run)) return true;
  fmt::print(stderr, "the run of {} ({}) was asked to end, as with Ctrl-C; waiting for its workers to leave checkpoints\n", run.sweep, who(run));
  const double until = system_clock().monotonic_seconds() + seconds_for_the_end;
  while (system_clock().monotonic_seconds() < until) {
    std::this_thread::sleep_for(between_questions);
    const std::vector<RunNote> notes = run_notes(store);
    const bool is_there = std::any_of(notes.begin(), notes.end(), [&](const RunNote& note) { return note.run == run.run; });
    if (!is_there || !lock_holder(store.lock_file())) return true;
  }
  return false;
}

bool is_among(const SeenWorker& worker, const std::vector<SeenWorker>& others) {
  const auto job = [](const SeenWorker& w) { return w.listed ? w.listed->id : ""; };
  return std::any_of(others.begin(), others.end(), [&](const SeenWorker& other) {
    return other.name == worker.name && (!worker.name.empty() || job(other) == job(worker));
  });
}

struct Asked {
  AskedSweep sweep;
  std::string file;  // that was named, or else the one that it was run from last
  bool names_file = false;
};

// What waits in a queue stays there where nobody knows how to ask.
int say_not_cancelled(const Asked& asked) {
  const std::string why = asked.names_file ? fmt::format("{} has no section launcher with the scheduler's commands", asked.file)
                                           : "latentgrid takes the scheduler's commands only from a sweep file that you name";
  const std::string remedy = asked.names_file ? "add the section launcher that the run had, or cancel the jobs with the scheduler's own command"
                                              : fmt::format("`latentgrid cancel {}` cancels them", shell_word(asked.file));
  fmt::print(stderr, "latentgrid: the jobs in the scheduler's queue were not cancelled: {}\n  hint: {}\n", why, remedy);
  return 1;
}

int say_problem(const std::string& problem) {
  fmt::print(stderr,
             "latentgrid: the scheduler's jobs could not be cancelled: {}\n"
             "  hint: run this command again when the scheduler answers; workers that find no run leave by themselves\n",
             problem);
  return 1;
}

// The run has sent away those that spoke to it; the others are told now. Exit code 1 where the scheduler could not be told.
int send_away_workers(const GoingsOn& before, const Asked& asked, const Context& context) {
  const MailboxFolder mailbox = mailbox_of(context);
  const std::unique_ptr<Launcher> launcher = launcher_of(mailbox, before.run->executor, asked.sweep.commands, system_clock(), seconds_to_cancel_jobs);
  const SeenWorkers left = goings_on(context, asked.sweep.commands, Purpose::act).workers;
  std::optional<SlowNotice> notice;
  if (launcher) notice.emplace(fmt::format("waiting for {} to cancel the workers", launcher->scheduler()));
  const Farewell farewell = send_away(left, mailbox, launcher.get());
  notice.reset();
  bool any = false;
  const auto say = [&](const SeenWorker& worker, const char* what) {
    fmt::print("{} {}\n", in_words(worker), what);
    any = true;
  };
  for (const SeenWorker& worker : before.workers.workers) {
    const bool is_told = is_among(worker, farewell.cancelled) || is_among(worker, farewell.told) || is_among(worker, farewell.gone);
    if (may_be_there(worker) && !is_told) say(worker, worker.name.empty() ? "was cancelled" : was_gone(worker) ? "was gone already" : "has ended");
  }
  for (const SeenWorker& worker : farewell.cancelled) say(worker, "was cancelled");
  for (const SeenWorker& worker : farewell.gone) say(worker, "was gone already");
  for (const SeenWorker& worker : farewell.told) {
    const bool is_silent = worker.silence_s && *worker.silence_s >= seconds_without_a_beat;
    say(worker, is_silent ? "was told to stop, but gives no sign of life" : "was told to stop; it leaves when its task has written a checkpoint");
  }
  if (!any && std::filesystem::exists(mailbox.workers())) fmt::print("none of its workers is left\n");
  const bool was_killed = !before.works || seems_dead(before);
  if (was_killed && before.lacks_commands) return say_not_cancelled(asked);
  return farewell.problem.empty() ? 0 : say_problem(farewell.problem);
}

struct CancelledRuns {
  bool any = false;
  bool out_of_reach = false;
  std::string problem;
};

// Those of this sweep that were submitted and have not begun to work.
CancelledRuns cancel_submitted(const GoingsOn& seen, const Asked& asked, const Context& context) {
  const MailboxFolder mailbox = mailbox_of(context);
  CancelledRuns result;
  for (const SeenRun& submitted : seen.submitted) {
    if (submitted.run.sweep != asked.sweep.name) continue;
    result.out_of_reach |= !submitted.was_asked;
    if (!submitted.problem.empty()) result.problem = submitted.problem;
    if (!submitted.was_asked || !submitted.problem.empty()) continue;
    if (submitted.is_alive()) {
      try {
        launcher_of(mailbox, submitted.run.executor, asked.sweep.commands, system_clock(), seconds_to_cancel_jobs)->cancel({submitted.run.job, 1}).wait();
      } catch (const SchedulerError& error) {
        result.problem = error.what();
        continue;
      }
      const bool waited = submitted.listed->state == WorkerState::pending;
      fmt::print("the run of {} that {} as job {} was {}\n", asked.sweep.name, waited ? "waited" : "had started", submitted.listed->id, waited ? "removed from the queue" : "cancelled");
      result.any = true;
    }
    forget_submitted_run(mailbox, submitted.run.job);
  }
  return result;
}

int cancel_run(const GoingsOn& seen, const Asked& asked, const Context& context) {
  const bool works = seen.works && !seems_dead(seen);
  const std::string& sweep = asked.sweep.name;
  if (works && !end_run(*seen.run, context)) {
    throw HintedError(fmt::format("the run of {} ({}) has not ended yet", sweep, who(*seen.run)),
                      fmt::format("it was asked to end; `latentgrid status` shows whether it has ended. `kill -KILL {}` on {} ends it at once", seen.run->process, seen.run->host));
  }
  fmt::print("{}; `latentgrid run FILE` continues where it stopped\n",
             works ? fmt::format("the run of {} has ended", sweep) : fmt::format("the run of {} ({}) was killed before", sweep, who(*seen.run)));
  return send_away_workers(seen, asked, context);
}

int cancel(const std::string& name, const Context& context) {
  const ResultsDb db = open_results(context);
  Asked asked{asked_sweep(db, name, "cancel"), name, is_file(db, name)};
  const std::string& sweep = asked.sweep.name;
  if (!asked.names_file) asked.file = latest_revision(db, sweep).value().provenance.value("sweep_file", "FILE");
  const GoingsOn seen = goings_on(context, asked.sweep.commands, Purpose::act);
  const CancelledRuns submitted = cancel_submitted(seen, asked, context);
  const bool has_run = seen.run && seen.run->sweep == sweep;
  const int code = has_run ? cancel_run(seen, asked, context) : 0;
  if (!submitted.problem.empty()) return say_problem(submitted.problem);
  if (submitted.out_of_reach && code == 0) return say_not_cancelled(asked);
  if (has_run || submitted.any) return code;
  const std::string other = !seen.run ? "" : fmt::format("; {} {} ({})", seen.works ? "the current run is of" : "the run that was killed last is of", seen.run->sweep, who(*seen.run));
  fmt::print("there is nothing to cancel for {}{}\n", sweep, other);
  return 0;
}

}  // namespace

void add_cancel(CLI::App& app, Context& context) {
  auto sweep = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("cancel", "End a sweep's run and its workers, wherever they are; the next run continues where it stopped");
  command->add_option("sweep", *sweep, "the sweep: its name, or its file, whose section launcher says how to ask the scheduler")->required()->type_name("SWEEP|FILE");
  command->callback([sweep, &context] { context.action = [sweep, &context] { return cancel(*sweep, context); }; });
}

}  // namespace latentgrid::cli
