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
  std::string problem;                // why the scheduler could not be told
};

// Tells all that may still be there. Only when no run speaks to them: two would write the same lines. `launcher` may be null.
Farewell send_away(const SeenWorkers& seen, const MailboxFolder& folder, Launcher* launcher);

}  // namespace latentgrid
