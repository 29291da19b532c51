#include "pool/submitted.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "launch/slurm_launcher.hpp"
#include "pool/detached.hpp"
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

std::unique_ptr<Launcher> launcher_of(const MailboxFolder& folder, const std::string& executor, const Clock& clock, double timeout_s) {
  const auto is_it = [&](const ExecutorKind& kind) { return kind.name == executor && kind.launcher && !kind.has_commands; };
  if (std::none_of(executors().begin(), executors().end(), is_it) || submitted_workers(folder).empty()) return nullptr;
  return std::make_unique<SlurmLauncher>(clock, timeout_s);
}

}  // namespace latentgrid
