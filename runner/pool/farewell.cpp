#include "pool/farewell.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "pool/submitted.hpp"
#include "protocol/line_file.hpp"

namespace latentgrid {

namespace {

// Once is enough, however often it is asked for.
void tell_to_stop(const MailboxFolder& folder, const std::string& worker) {
  const std::vector<std::string> told = protocol::LineReader(folder.to_worker(worker)).read();
  if (!told.empty() && told.back() == "stop") return;
  try {
    protocol::LineWriter(folder.to_worker(worker)).append("stop");
  } catch (const Error&) {
    if (std::filesystem::exists(folder.worker(worker))) throw;  // it has just left, with its folder
  }
}

bool has_job(const SeenWorker& worker) {
  return worker.listed ? worker.listed->state != WorkerState::ended : worker.is_of_a_scheduler() && !worker.is_unknown;
}

}  // namespace

Farewell send_away(const SeenWorkers& seen, const MailboxFolder& folder, Launcher* launcher) {
  Farewell farewell;
  for (const SeenWorker& worker : seen.workers) {
    if (is_dead(worker)) remove_mailbox(folder, worker.name);
    if (!may_be_there(worker)) continue;
    if (!worker.name.empty()) tell_to_stop(folder, worker.name);
    (was_gone(worker) ? farewell.gone : launcher && has_job(worker) ? farewell.cancelled : farewell.told).push_back(worker);
  }
  if (!launcher) return farewell;
  try {
    for (const WorkerRange& range : submitted_workers(folder)) launcher->cancel(range).wait();
  } catch (const Error& error) {
    farewell.problem = error.what();
    for (SeenWorker& worker : farewell.cancelled) {
      if (!worker.name.empty()) farewell.told.push_back(std::move(worker));
    }
    farewell.cancelled.clear();
  }
  return farewell;
}

void remove_mailbox(const MailboxFolder& folder, const std::string& worker) {
  const std::filesystem::path aside = folder.unfinished(worker + ".gone");
  std::error_code failed;
  std::filesystem::create_directories(aside.parent_path(), failed);
  std::filesystem::rename(folder.worker(worker), aside, failed);
  if (!failed) std::filesystem::remove_all(aside, failed);
}

}  // namespace latentgrid
