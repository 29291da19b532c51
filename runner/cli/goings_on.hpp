#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "pool/detached.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/seen_workers.hpp"
#include "store/run_note.hpp"

namespace latentgrid::cli {

// What goes on in a results folder, as its files and the scheduler tell. Nobody is disturbed.
struct GoingsOn {
  std::optional<std::string> holder;  // see lock_holder()
  std::optional<RunNote> run;         // of a sweep: the one that works, or else the one that was killed last
  bool works = false;                 // that run
  std::optional<double> silence_s;    // of a run with workers on other machines: since its last sign of life
  SeenWorkers workers;
  std::vector<SeenRun> submitted;     // runs that are to start as jobs, or were
  bool lacks_commands = false;        // the scheduler was not asked, as it is known by its commands alone
};

// Who only looks writes nothing, and takes the time from this machine's clock; who is to act on it also learns what time it is by
// the files of the folder.
enum class Purpose { look, act };

// `commands` of a scheduler, where the user has named the file that has them.
GoingsOn goings_on(const Context& context, const LauncherTemplates& commands = {}, Purpose purpose = Purpose::look);

MailboxFolder mailbox_of(const Context& context);

// "worker lab-7-1764424800123 on n2 (Slurm job 4711_3)", "a worker that had not joined (job 4711_4)".
std::string in_words(const SeenWorker& worker);

// "a run of digits was submitted as job 4711_0 and waits in the queue (Priority): ...", with what can be done about it.
std::string in_words(const SeenRun& submitted);

// What can be done about why it waits, in a line of its own. "" where nothing is known, and where it would be said of the options of
// workers: those of the run's own job are others.
std::string hint_about(const SeenRun& submitted);

}  // namespace latentgrid::cli
