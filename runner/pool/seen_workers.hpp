#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/launcher.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/worker_log.hpp"
#include "pool/worker_place.hpp"

namespace latentgrid {

// A worker as somebody sees it who is no part of the run: by its files, and by what the scheduler says. Only looks.
struct SeenWorker {
  std::string name;                    // "" of one that has not joined yet
  std::optional<WorkerPlace> place;    // of a mailbox
  std::optional<LoggedProcess> process;
  std::optional<std::string> left;     // why, in its own words
  std::optional<double> silence_s;     // since its last heartbeat
  std::optional<ListedWorker> listed;  // by the scheduler
  bool is_unknown = false;             // to the scheduler that had started it: it ended a while ago
  bool is_told_to_end = false;         // for good
  std::optional<LoggedTask> task;      // that it has
  std::filesystem::path log;

  std::string node() const;
  bool is_of_a_scheduler() const { return listed || (place && !place->crew.empty()); }
};

struct SeenWorkers {
  std::vector<SeenWorker> workers;  // by name; those that have not joined are the last
  std::string scheduler_problem;    // why it gave no answer
};

// Those that have joined a mailbox. `now`: see seconds_since_beat().
SeenWorkers see_mailbox(const MailboxFolder& folder, const std::filesystem::path& logs, std::filesystem::file_time_type now = std::filesystem::file_time_type::clock::now());
// What the scheduler says of these, and of those that it was asked for and that have not joined.
void ask_scheduler(SeenWorkers& seen, const MailboxFolder& folder, Launcher& launcher);

// Those of a run on one machine that began at that time.
SeenWorkers see_processes(const std::filesystem::path& logs, const std::string& since);

// It has not left, and gives signs of life, or the scheduler has it: it may still do something.
bool may_be_there(const SeenWorker& worker);
// Its scheduler has seen the end of its process.
bool was_gone(const SeenWorker& worker);
// It has not left and never will: it is silent although its scheduler has seen its end or does not know it any more, although it
// was told to end, or for very long.
bool is_dead(const SeenWorker& worker);

// For how long a worker that has joined may be silent before it counts as lost. `listed`: what its scheduler says of it, null
// where that does not know it or there is none.
double most_silence_s(const ListedWorker* listed);

// As is_dead(), where no scheduler is asked, by the time of the coordinator's last heartbeat. Clocks of machines differ, and some
// file systems take the time of a file from the machine that writes it.
bool is_forgotten(const MailboxFolder& folder, const std::string& worker);

// Seconds since the heartbeat in a file; nothing where there is none. By this machine's clock, which may differ from the one that
// the file has its time from: who does more than look says what time it is by that one.
std::optional<double> seconds_since_beat(const std::filesystem::path& heartbeat, std::filesystem::file_time_type now = std::filesystem::file_time_type::clock::now());

// The time that a file has that is written into the mailbox now: one is, and removed. This machine's where none can be written.
std::filesystem::file_time_type time_of_files(const MailboxFolder& folder);

}  // namespace latentgrid
