#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "launch/launcher.hpp"
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

// The scheduler that an executor of this name asks; null where there was nothing to ask, or its commands are in the sweep's file alone.
std::unique_ptr<Launcher> launcher_of(const MailboxFolder& folder, const std::string& executor, const Clock& clock, double timeout_s);

}  // namespace latentgrid
