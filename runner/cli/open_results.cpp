#include "cli/open_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/file_system_kind.hpp"
#include "cli/option_checks.hpp"
#include "db/revisions.hpp"
#include "store/artifact_store.hpp"
#include "store/database_place.hpp"

namespace latentgrid::cli {

ResultsDb open_results(const Context& context) {
  return ResultsDb::open_for_reading(results_store(context).database());
}

namespace {

ArtifactStore store_at(const std::filesystem::path& results, std::string run, const Context& context) {
  ArtifactStore store(results, std::move(run));
  if (!context.database.empty()) store.use_database(std::filesystem::absolute(context.database).lexically_normal());
  return store;
}

}  // namespace

ArtifactStore results_store(const Context& context) { return store_at(context.results, "", context); }

ArtifactStore absolute_store(const Context& context, std::string run) {
  return store_at(std::filesystem::absolute(context.results), std::move(run), context);
}

void check_database(const Context& context, const ArtifactStore& store) {
  const std::filesystem::path database = store.database();
  if (!context.database.empty()) check_chosen_database(store.root(), database);
}

ResultsDb open_for_writing(const Context& context, const ArtifactStore& store) {
  check_database(context, store);
  ResultsDb db = ResultsDb::open_for_writing(store.database());
  if (!context.database.empty()) remember_database(store.root(), store.database());
  return db;
}

std::optional<SharedDatabase> shared_database(const std::filesystem::path& database) {
  const FileSystemKind kind = file_system_kind(database);
  if (!kind.shared) return std::nullopt;
  return SharedDatabase{
      fmt::format("the database {} is on {}, which other machines share: SQLite's locks don't work between machines there, so it can be "
                  "damaged or read wrongly",
                  database.string(), kind.name.empty() ? "a file system" : kind.name),
      "keep it on a local disk with --database PATH, which the results folder remembers; `latentgrid run FILE --database PATH` says how to move one that is there"};
}

void require_sweep(const ResultsDb& db, const std::string& sweep) {
  std::vector<std::string> names = sweep_names(db);
  for (const std::string& name : names) {
    if (name == sweep) return;
  }
  if (names.empty()) throw UsageError(fmt::format("there is no sweep '{}': nothing has been run into this results folder yet\n  hint: `latentgrid run FILE` runs a sweep, and --results DIR names another folder", sweep));
  std::string close = closest_match(sweep, names);
  const std::string guess = close.empty() ? "" : fmt::format("did you mean '{}'?", close);
  const std::string all = fmt::format("{} {}", names.size() == 1 ? "the only sweep is" : "the sweeps are", fmt::join(names, ", "));
  throw UsageError(fmt::format("there is no sweep '{}'\n  hint: {}", sweep,
                               guess.empty() ? all : names.size() == 1 ? guess : guess + " " + all));
}

SweepRevision require_revision(const ResultsDb& db, const std::string& sweep, std::optional<std::int64_t> number) {
  require_sweep(db, sweep);
  if (std::optional<SweepRevision> found = find_revision(db, sweep, number)) return std::move(*found);
  std::vector<std::int64_t> numbers;
  for (const RevisionSummary& revision : list_revisions(db, sweep)) numbers.push_back(revision.number);
  throw UsageError(fmt::format("the sweep '{}' has no revision {}; it has {}. `latentgrid ls {} --revisions` lists them",
                               sweep, number.value_or(1), fmt::join(numbers, ", "), sweep));
}

void add_revision_option(CLI::App& command, std::optional<std::int64_t>& number) {
  command.add_option("--revision", number, "use this revision of the sweep instead of the latest one")
      ->check(integer_of_at_least(1))
      ->type_name("N");
}

std::optional<std::string> lock_holder(const std::filesystem::path& lock_file) {
  std::error_code none;
  if (!std::filesystem::exists(lock_file, none)) return std::nullopt;
  std::string text = read_file(lock_file);
  int pid = 0;
  char host[256] = {}, here[256] = {};
  if (std::sscanf(text.c_str(), "pid %d on %255s", &pid, host) != 2) return std::nullopt;
  ::gethostname(here, sizeof here - 1);
  // What was killed couldn't clear the text. A process on another host can't be asked: its word is taken.
  bool gone = std::string(host) == here && ::kill(pid, 0) != 0 && errno == ESRCH;
  if (gone) return std::nullopt;
  return text;
}

}  // namespace latentgrid::cli
