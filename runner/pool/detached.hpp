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

// Submits such a run. All but submit() needs the lock of the results folder; submit() must not have it, as the job may start at once.
class DetachedSubmission {
 public:
  // Throws what the scheduler says against it, and where one that was submitted before has not begun, or may not have.
  DetachedSubmission(const DetachedRun& run, const MailboxFolder& folder, Launcher& launcher);

  void record();  // before submit(), so that nobody else takes its name and everybody knows of it
  DetachedJob submit();

 private:
  SubmittedRun run_;
  int index_ = 0;
  MailboxFolder folder_;
  Launcher& launcher_;
  WorkerRequest request_;
};

// A run that was submitted and does not work yet, as somebody sees it who only looks.
struct SeenRun {
  SubmittedRun run;
  std::optional<ListedWorker> listed;
  std::filesystem::path log;
  std::string problem;      // why the scheduler gave no answer
  bool was_asked = false;
  bool has_log = false;     // so it has started

  bool is_alive() const { return listed && listed->state != WorkerState::ended; }
  bool was_removed() const { return was_asked && problem.empty() && !is_alive() && !has_log; }  // before it started
};

// `launcher` may be null: then nobody is asked.
SeenRun see_submitted_run(const SubmittedRun& run, const std::filesystem::path& logs, Launcher* launcher);

// It has begun, was cancelled, or has ended.
void forget_submitted_run(const MailboxFolder& folder, const std::string& job);

// For a run that has taken the lock and works from now on: what was submitted and has started is not awaited any more. It is this
// one, or it failed, or it is about to find this one at work.
void forget_started_runs(const MailboxFolder& folder, const std::filesystem::path& logs);

// "`latentgrid cancel digits`", or with FILE where the scheduler is known by the commands of a file alone.
std::string command_to_cancel(const SubmittedRun& run);

}  // namespace latentgrid
