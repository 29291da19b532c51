#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/template_launcher.hpp"
#include "pool/mailbox_folder.hpp"

namespace latentgrid {

// What others find of a results folder's Submissions, writing nothing.

// The folder's own number in the names of its jobs. A copy of the folder has none, until it asks for workers itself.
std::optional<std::string> known_id(const MailboxFolder& folder);

std::string job_name(const std::string& id, const std::string& crew);

// Of each crew that was ever asked for, the first number that was not.
std::map<std::string, int> submitted_ends(const MailboxFolder& folder);

// All workers that were ever asked for, without runs that were submitted themselves; none where no scheduler was asked.
std::vector<WorkerRange> submitted_workers(const MailboxFolder& folder);

// The crew of runs that were submitted themselves.
inline constexpr const char* coordinator_crew = "coordinator";

struct SubmittedRun {
  std::string job;       // its name, which no other has
  std::string executor;  // that it uses, and that was asked to start it
  std::string sweep;
};

// The runs that were submitted and have not begun to work, by the names of their jobs.
std::vector<SubmittedRun> runs_not_begun(const MailboxFolder& folder);

// The way to the scheduler of an executor with this name; null where nothing was ever asked of one, or where it is known by its
// commands alone and there are none.
std::unique_ptr<Launcher> launcher_of(const MailboxFolder& folder, const std::string& executor, const LauncherTemplates& commands, const Clock& clock, double timeout_s);

// Whether that is for want of the commands.
bool lacks_commands(const MailboxFolder& folder, const std::string& executor, const LauncherTemplates& commands);

}  // namespace latentgrid
