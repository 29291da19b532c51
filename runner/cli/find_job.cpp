#include "cli/find_job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "cli/open_results.hpp"

namespace latentgrid::cli {

namespace {

std::string no_such_job(const ResultsDb& db, const std::string& asked) {
  const std::vector<std::string> sweeps = sweep_names(db);
  const bool sweep = std::find(sweeps.begin(), sweeps.end(), asked) != sweeps.end();
  const std::string best =
      fmt::format("`latentgrid ls {} --sort accuracy -r --limit 1` shows the best job and its id", sweep ? asked : "SWEEP");
  if (sweep) return fmt::format("'{}' is a sweep, not a job\n  hint: {}", asked, best);
  if (asked.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return fmt::format("'{}' is not the id of a job\n  hint: {}", asked, best);
  }
  return fmt::format("no job has an id that begins with '{}'\n  hint: `latentgrid ls SWEEP` lists the jobs and their ids", asked);
}

}  // namespace

std::string find_job(const ResultsDb& db, const std::string& prefix) {
  constexpr std::int64_t most_listed = 10;
  std::vector<std::string> found = jobs_with_prefix(db, prefix, most_listed + 1);
  if (found.size() == 1) return found[0];
  if (found.empty()) throw UsageError(no_such_job(db, prefix));
  bool more = found.size() > most_listed;
  found.resize(std::min<std::size_t>(found.size(), most_listed));
  throw UsageError(fmt::format("the ids of several jobs begin with '{}': {}{}\n  hint: write more digits of the id", prefix,
                               fmt::join(found, ", "), more ? ", ..." : ""));
}

FoundJob find_job(const Context& context, const std::string& prefix) {
  const ResultsDb db = open_results(context);
  const Snapshot snapshot(db);
  const std::string id = find_job(db, prefix);
  std::optional<SweepRevision> revision = latest_revision_with(db, id);
  if (!revision) {
    throw Error(fmt::format("no sweep has job {} any more, so nothing says what its images are\n  hint: `latentgrid run FILE` of a sweep "
                            "that had it records it again",
                            id));
  }
  return {job_detail(db, id).value(), std::move(*revision), results_store(context)};
}

}  // namespace latentgrid::cli
