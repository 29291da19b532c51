#pragma once

#include <string>
#include <vector>

#include "launch/launcher.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/seen_workers.hpp"

namespace latentgrid {

// Which of a results folder's workers were told to end, by somebody who is no part of a run.
struct Farewell {
  std::vector<SeenWorker> told;       // by the mailbox: they leave when their task has left a checkpoint
  std::vector<SeenWorker> cancelled;  // by the scheduler, with those that have not started yet
  std::vector<SeenWorker> gone;       // just before, by themselves
  std::string problem;                // why the scheduler could not be told
};

// Tells all that may still be there, and removes what the dead have left. Only when no run speaks to them: two would write the same
// lines. `launcher` may be null.
Farewell send_away(const SeenWorkers& seen, const MailboxFolder& folder, Launcher* launcher);

// In one step, so that one that is not dead after all finds all of it gone, and leaves.
void remove_mailbox(const MailboxFolder& folder, const std::string& worker);

}  // namespace latentgrid
