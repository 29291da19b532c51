#include "cli/find_job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"

namespace latentgrid::cli {

std::string find_job(const ResultsDb& db, const std::string& prefix) {
  constexpr std::int64_t most_listed = 10;
  std::vector<std::string> found = jobs_with_prefix(db, prefix, most_listed + 1);
  if (found.size() == 1) return found[0];
  if (found.empty()) throw UsageError(fmt::format("no job begins with '{}'; `latentgrid ls SWEEP` lists them", prefix));
  bool more = found.size() > most_listed;
  found.resize(std::min<std::size_t>(found.size(), most_listed));
  throw UsageError(
      fmt::format("'{}' is the beginning of several jobs: {}{}", prefix, fmt::join(found, ", "), more ? ", ..." : ""));
}

}  // namespace latentgrid::cli
