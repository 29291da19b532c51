#include "pool/submitted.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "pool/executors.hpp"
#include "protocol/line_file.hpp"

namespace latentgrid {

std::optional<std::string> known_id(const MailboxFolder& folder) {
  struct stat about = {};
  ::stat(folder.root.c_str(), &about);
  const std::string known = protocol::LineReader::bytes_from(folder.root / "id", 0);
  const auto [id, of_folder] = first_word(known);
  if (id.empty() || of_folder != std::to_string(about.st_ino)) return std::nullopt;
  return std::string(id);
}

std::string job_name(const std::string& id, const std::string& crew) { return fmt::format("latentgrid-{}-{}", id, crew); }

std::map<std::string, int> submitted_ends(const MailboxFolder& folder) {
  std::map<std::string, int> ends;
  for (const std::string& line : protocol::LineReader(folder.root / "submitted").read()) {
    const auto [crew, rest] = first_word(line);
    int first = 0, count = 0;
    if (std::sscanf(std::string(rest).c_str(), "%d %d", &first, &count) != 2) continue;
    int& end = ends[std::string(crew)];
    end = std::max(end, first + count);
  }
  return ends;
}

std::vector<WorkerRange> submitted_workers(const MailboxFolder& folder) {
  const std::optional<std::string> id = known_id(folder);
  std::vector<WorkerRange> ranges;
  if (!id) return ranges;
  for (const auto& [crew, end] : submitted_ends(folder)) {
    if (crew != coordinator_crew) ranges.push_back({job_name(*id, crew), end});
  }
  return ranges;
}

std::vector<SubmittedRun> runs_not_begun(const MailboxFolder& folder) {
  std::vector<SubmittedRun> runs;
  const std::optional<std::string> id = known_id(folder);
  std::error_code none;
  if (!id) return runs;
  for (const auto& entry : std::filesystem::directory_iterator(folder.runs(), none)) {
    SubmittedRun run;
    run.job = entry.path().filename();
    std::istringstream(protocol::LineReader::bytes_from(entry.path(), 0)) >> run.executor >> run.sweep;
    if (run.job.starts_with(job_name(*id, coordinator_crew)) && !run.sweep.empty()) runs.push_back(std::move(run));
  }
  std::sort(runs.begin(), runs.end(), [](const SubmittedRun& a, const SubmittedRun& b) { return a.job < b.job; });
  return runs;
}

namespace {

const ExecutorKind* kind_with_launcher(const std::string& executor) {
  const auto is_it = [&](const ExecutorKind& kind) { return kind.name == executor && kind.launcher; };
  const auto found = std::find_if(executors().begin(), executors().end(), is_it);
  return found == executors().end() ? nullptr : &*found;
}

}  // namespace

std::unique_ptr<Launcher> launcher_of(const MailboxFolder& folder, const std::string& executor, const LauncherTemplates& commands, const Clock& clock, double timeout_s) {
  const ExecutorKind* kind = kind_with_launcher(executor);
  if (!kind || !known_id(folder) || submitted_ends(folder).empty() || lacks_commands(folder, executor, commands)) return nullptr;
  ExecutorOptions options;
  options.results = folder.root.parent_path();
  options.commands = commands;
  options.scheduler_timeout_s = timeout_s;
  return kind->launcher(options, clock);
}

bool lacks_commands(const MailboxFolder& folder, const std::string& executor, const LauncherTemplates& commands) {
  const ExecutorKind* kind = kind_with_launcher(executor);
  return kind && kind->has_commands && commands.submit.empty() && known_id(folder) && !submitted_ends(folder).empty();
}

}  // namespace latentgrid
