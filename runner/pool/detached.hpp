#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "launch/launcher.hpp"
#include "pool/mailbox_folder.hpp"

namespace latentgrid {

// A run that a scheduler is to start on one of its machines.
struct DetachedRun {
  std::vector<std::string> argv;  // of latentgrid, which the nodes find where they find its worker
  std::filesystem::path folder;   // to run in
  std::filesystem::path logs;
  Resources resources;
};

struct DetachedJob {
  std::string id;
  std::filesystem::path log;
};

// The crew of such jobs, see Submissions.
inline constexpr const char* coordinator_crew = "coordinator";

// Throws what the scheduler says against it, and where one that was submitted before has not started yet.
DetachedJob submit(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher);

}  // namespace latentgrid
