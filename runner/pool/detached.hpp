#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launch/launcher.hpp"
#include "pool/mailbox_folder.hpp"
#include "pool/submitted.hpp"

namespace latentgrid {

// A run that a scheduler is to start on one of its machines.
struct DetachedRun {
  std::vector<std::string> argv;  // of latentgrid, which the nodes find where they find its worker
  std::filesystem::path folder;   // to run in
  std::filesystem::path logs;
  Resources resources;
  std::string executor, sweep;  // for those who look on
};

struct DetachedJob {
  std::string id;
  std::filesystem::path log;
};

// Throws what the scheduler says against it, and where one that was submitted before has not started yet.
DetachedJob submit(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher);

// A run that was submitted and does not work yet, as somebody sees it who only looks.
struct SeenRun {
  SubmittedRun run;
  std::string name;  // of its job
  std::optional<ListedWorker> listed;
  std::filesystem::path log;
  std::string problem;  // why the scheduler gave no answer
};

// Nothing where there is none, or it was removed before it started. `launcher` may be null: then nobody is asked.
std::optional<SeenRun> see_submitted_run(const MailboxFolder& folder, const std::filesystem::path& logs, Launcher* launcher);

// For a run that works from now on: if it is the one that was submitted, that one has begun.
void note_begun(const MailboxFolder& folder);

}  // namespace latentgrid
