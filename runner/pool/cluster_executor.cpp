#include "pool/cluster_executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <utility>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/program_files.hpp"

namespace latentgrid {

namespace {

constexpr double seconds_to_say_left = 15;  // of a worker whose end the scheduler has seen
constexpr double short_interval = 5, long_interval = 60;

// Part of the jobs' names, so that a scheduler's list can tell one results folder's workers from another's. It stays.
std::string id_of(const MailboxFolder& folder) {
  const std::filesystem::path file = folder.root / "id";
  if (std::string known = protocol::LineReader::bytes_from(file, 0); !known.empty()) return known;
  std::random_device random;
  write_file_atomically(file, fmt::format("{:08x}", random()));
  return read_file(file);
}

std::map<std::string, int> next_indices(const std::filesystem::path& submissions) {
  std::map<std::string, int> next;
  for (const std::string& line : protocol::LineReader(submissions).read()) {
    const auto [crew, rest] = first_word(line);
    int first = 0, count = 0;
    if (std::sscanf(std::string(rest).c_str(), "%d %d", &first, &count) != 2) continue;
    int& end = next[std::string(crew)];
    end = std::max(end, first + count);
  }
  return next;
}

// Seen from a container, the nodes of the cluster have it elsewhere: who started the container says where.
std::string worker_on_nodes() {
  const char* given = std::getenv("LATENTGRID_NODE_WORKER");
  return given && *given ? given : program_file("latentgrid-worker").string();
}

WorkerRequest request_of(const CrewOptions& crew, const ExecutorOptions& options, const MailboxFolder& folder) {
  WorkerRequest request;
  request.name = fmt::format("latentgrid-{}-{}", id_of(folder), crew.name);
  // What it starts beside itself is the worker's business: LATENTGRID_WORKER goes with the job.
  request.argv = {worker_on_nodes(), "--mailbox", folder.root.string(), "--results", options.results.string(),
                  "--crew", crew.name, "--index", "{index}"};
  request.log = options.logs / fmt::format("{}-{{index}}.log", request.name);
  request.resources = crew.resources;
  return request;
}

}  // namespace

ClusterExecutor::ClusterExecutor(const ExecutorOptions& options, std::unique_ptr<Launcher> launcher, const Clock& clock)
    : MailboxExecutor(options, clock), launcher_(std::move(launcher)), submissions_(folder().root / "submitted") {
  const std::map<std::string, int> next = next_indices(folder().root / "submitted");
  for (const CrewOptions& crew : options.crews) {
    WorkerRequest request = request_of(crew, options, folder());
    request.count = crew.workers;
    launcher_->check(request);
    const auto found = next.find(crew.name);
    crews_.push_back(std::make_unique<Crew>(crew, std::move(request), found == next.end() ? 0 : found->second, *launcher_, clock));
  }
}

// Nobody waits in a queue for work that is done. Those that run are told to leave by the mailbox.
ClusterExecutor::~ClusterExecutor() { cancel(); }

void ClusterExecutor::cancel() {
  if (std::exchange(is_closed_, true)) return;
  for (const auto& crew : crews_) {
    if (crew->range().end == 0) continue;
    try {
      launcher_->cancel(crew->range()).wait();
    } catch (const Error&) {  // they leave when they find no coordinator
    }
  }
}

void ClusterExecutor::stop() {
  MailboxExecutor::stop();
  expected_.clear();
}

void ClusterExecutor::terminate() {
  MailboxExecutor::terminate();
  cancel();
}

Crew* ClusterExecutor::crew_of(const Member& member) const {
  if (!member.link.place()) return nullptr;
  for (const auto& crew : crews_) {
    if (crew->options().name == member.link.place()->crew) return crew.get();
  }
  return nullptr;
}

bool ClusterExecutor::serves(const Member& member, const WorkKind& kind) const {
  const Crew* crew = crew_of(member);
  return crew ? crew->serves(kind) : MailboxExecutor::serves(member, kind);
}

void ClusterExecutor::has_joined(const Member& member) {
  if (Crew* crew = crew_of(member)) crew->joined(member.link.place()->index);
}

void ClusterExecutor::has_left(const Member& member) {
  if (Crew* crew = crew_of(member)) crew->left(member.link.place()->index);
}

// A silent worker that the scheduler says runs is waited for: its node, or the way to it, may be slow.
double ClusterExecutor::most_silence_s(const Member& member) const {
  const Crew* crew = crew_of(member);
  const ListedWorker* listed = crew ? crew->find(member.link.place()->index) : nullptr;
  if (!listed) return seconds_without_a_beat;
  if (listed->state == WorkerState::ended && listed->reason.find("NODE_FAIL") == std::string::npos) return seconds_to_say_left;
  if (listed->state == WorkerState::running || listed->state == WorkerState::ending) return 10 * seconds_without_a_beat;
  return seconds_without_a_beat;
}

void ClusterExecutor::look_after(std::vector<ExecutorEvent>& events) {
  list(events);
  for (const auto& crew : crews_) {
    crew->poll(events);
    std::int64_t tasks = 0;
    for (const auto& [kind, count] : expected_) tasks += crew->serves(kind) ? count : 0;
    crew->want(tasks, events);
    if (const auto submitted = crew->take_submitted()) {
      submissions_.append(fmt::format("{} {} {}", crew->options().name, submitted->first, submitted->second));
    }
  }
}

double ClusterExecutor::seconds_between_lists() const {
  const auto is_awaited = [](const auto& crew) { return crew->is_awaited(); };
  const bool is_soon = any_is_silent(3 * seconds_between_beats) || std::any_of(crews_.begin(), crews_.end(), is_awaited);
  return is_soon ? short_interval : long_interval;
}

void ClusterExecutor::list(std::vector<ExecutorEvent>& events) {
  const double now = clock().monotonic_seconds();
  if (!listing_) {
    if (now < next_listing_ && now < listing_since_ + seconds_between_lists()) return;
    std::vector<WorkerRange> ranges;
    for (const auto& crew : crews_) ranges.push_back(crew->range());
    listing_since_ = now;
    next_listing_ = now + long_interval;
    listing_.emplace(launcher_->list(ranges));
  }
  if (!listing_->poll()) return;
  const auto answer = std::move(*std::exchange(listing_, std::nullopt));
  try {
    const std::vector<ListedWorker> workers = answer.get();
    for (const auto& crew : crews_) crew->listed(workers, listing_since_, events);
  } catch (const SchedulerError& error) {
    if (!error.temporary()) throw;
    events.emplace_back(WorkerNote{fmt::format("{}; the workers go on meanwhile", error.what())});
    next_listing_ = now + long_interval / 4;
  }
}

std::vector<int> ClusterExecutor::descriptors() const {
  std::vector<int> all = listing_ ? listing_->descriptors() : std::vector<int>{};
  for (const auto& crew : crews_) {
    const std::vector<int> some = crew->descriptors();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace latentgrid
