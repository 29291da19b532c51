#include "cli/goings_on.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/open_results.hpp"
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

}  // namespace

MailboxFolder mailbox_of(const Context& context) { return {std::filesystem::absolute(context.results) / "mailbox"}; }

GoingsOn goings_on(const Context& context) {
  const ArtifactStore store(context.results);
  const MailboxFolder mailbox = mailbox_of(context);
  GoingsOn seen;
  seen.holder = lock_holder(store.lock_file());
  if (std::vector<RunNote> notes = run_notes(store); !notes.empty()) seen.run = std::move(notes.front());
  seen.works = seen.run && seen.holder && seen.holder->starts_with(fmt::format("pid {} on {} ", seen.run->process, seen.run->host));
  seen.workers = see_mailbox(mailbox, store.logs());
  const bool is_here = seen.run && seen.run->executor == executors().front().name;
  if (seen.run && !is_here) seen.silence_s = seconds_since_beat(mailbox.coordinator());
  const std::unique_ptr<Launcher> launcher = launcher_of(mailbox, seen.run ? seen.run->executor : "", system_clock(), seconds_for_the_scheduler);
  if (launcher && is_worth_asking(seen)) ask_scheduler(seen.workers, mailbox, *launcher);
  if (seen.works) {
    SeenWorkers here = see_processes(store.logs(), seen.run->since);
    seen.workers.workers.insert(seen.workers.workers.end(), here.workers.begin(), here.workers.end());
  }
  return seen;
}

std::string in_words(const SeenWorker& worker) {
  if (worker.name.empty()) return worker.listed ? fmt::format("a worker that had not joined (job {})", worker.listed->id) : "a worker";
  const std::string name = "worker " + worker.name;
  return worker.place ? fmt::format("{} {}", name, latentgrid::in_words(*worker.place)) : name;
}

}  // namespace latentgrid::cli
