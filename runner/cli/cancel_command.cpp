#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "base/hinted_error.hpp"
#include "cli/commands.hpp"
#include "cli/goings_on.hpp"
#include "cli/open_results.hpp"
#include "pool/farewell.hpp"
#include "pool/submitted.hpp"
#include "run/run_limits.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

constexpr double seconds_for_the_end = 3 * seconds_to_stop;  // of a run that was asked: it waits for its workers first
constexpr double seconds_without_life = 60;
constexpr auto between_questions = std::chrono::milliseconds(200);
constexpr double seconds_for_the_scheduler = 60;

std::string who(const RunNote& run) { return fmt::format("process {} on {} since {}", run.process, run.host, run.since); }

// It may be on a machine that is gone, whose word in the lock nobody takes back.
bool seems_dead(const GoingsOn& seen) { return seen.silence_s && *seen.silence_s >= seconds_without_life; }

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

// The run has sent away those that spoke to it; the others are told now. `before`: those that were there when it ended.
// Exit code 1 where the scheduler could not be told.
int send_away_workers(const std::vector<SeenWorker>& before, const std::string& executor, const Context& context) {
  const MailboxFolder mailbox = mailbox_of(context);
  const std::unique_ptr<Launcher> launcher = launcher_of(mailbox, executor, system_clock(), seconds_for_the_scheduler);
  const Farewell farewell = send_away(goings_on(context).workers, mailbox, launcher.get());
  bool any = false;
  const auto say = [&](const SeenWorker& worker, const char* what) {
    fmt::print("{} {}\n", in_words(worker), what);
    any = true;
  };
  for (const SeenWorker& worker : before) {
    const bool is_told = is_among(worker, farewell.cancelled) || is_among(worker, farewell.told);
    if (may_be_there(worker) && !is_told) say(worker, worker.name.empty() ? "was cancelled" : "has ended");
  }
  for (const SeenWorker& worker : farewell.cancelled) say(worker, "was cancelled");
  for (const SeenWorker& worker : farewell.told) say(worker, "was told to stop; it leaves when its task has written a checkpoint");
  if (!any && std::filesystem::exists(mailbox.workers())) fmt::print("none of its workers is left\n");
  if (farewell.problem.empty()) return 0;
  fmt::print(stderr,
             "latentgrid: the scheduler's jobs could not be cancelled: {}\n"
             "  hint: run this command again when the scheduler answers; workers that find no run leave by themselves\n",
             farewell.problem);
  return 1;
}

int cancel(const std::string& sweep, const Context& context) {
  require_sweep(open_results(context), sweep);
  const GoingsOn seen = goings_on(context);
  if (!seen.run || seen.run->sweep != sweep) {
    const std::string other = !seen.run ? "" : fmt::format("; {} {} ({})", seen.works ? "the current run is of" : "the run that was killed last is of", seen.run->sweep, who(*seen.run));
    fmt::print("there is nothing to cancel for {}{}\n", sweep, other);
    return 0;
  }
  const bool works = seen.works && !seems_dead(seen);
  if (works && !end_run(*seen.run, context)) {
    throw HintedError(fmt::format("the run of {} ({}) has not ended yet", sweep, who(*seen.run)),
                      fmt::format("it was asked to end; `latentgrid status` shows whether it has ended. `kill -KILL {}` on {} ends it at once", seen.run->process, seen.run->host));
  }
  fmt::print("{}; `latentgrid run FILE` continues where it stopped\n",
             works ? fmt::format("the run of {} has ended", sweep) : fmt::format("the run of {} ({}) was killed before", sweep, who(*seen.run)));
  return send_away_workers(seen.workers.workers, seen.run->executor, context);
}

}  // namespace

void add_cancel(CLI::App& app, Context& context) {
  auto sweep = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("cancel", "End a sweep's run and its workers, wherever they are; the next run continues where it stopped");
  command->add_option("sweep", *sweep, "the sweep")->required()->type_name("SWEEP");
  command->callback([sweep, &context] { context.action = [sweep, &context] { return cancel(*sweep, context); }; });
}

}  // namespace latentgrid::cli
