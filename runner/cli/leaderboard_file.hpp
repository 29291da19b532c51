#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "db/results_db.hpp"
#include "db/submissions.hpp"

namespace latentgrid::cli {

struct RowProblem {
  int line = 0;  // of the file, from 1
  std::string message;
};

// What a competition's list of submissions says about the jobs of a database.
struct LeaderboardFile {
  std::vector<SubmissionRow> submissions;  // in the order of the file; imported_at is left empty
  std::int64_t skipped = 0;                // not scored: another status than complete, or no score
  std::vector<RowProblem> problems;        // rows that can't be used, in the order of the file
};

// Ids of the jobs that begin with this text, sorted, at most so many.
using JobLookup = std::function<std::vector<std::string>(const std::string& prefix, std::int64_t limit)>;

// Reads a list of submissions: CSV (see base/csv.hpp) with a header that names the columns, in any order:
//   fileName, date, description, status, publicScore, privateScore   as `kaggle competitions submissions --csv` prints
//   job, public, private                                             of one's own making
// Also with semicolons or tabs and decimal commas, and in UTF-16, as spreadsheets and PowerShell write it.
// Needed are the public score and what names the job: its 12 hex digits, or at least 6 that no other job begins with,
// in the column job, the description or the file's name. Other columns are passed over, and so are lines of one field
// before the header and repeated headers. A file without such columns, or that is no CSV, is a UsageError.
LeaderboardFile read_leaderboard(std::string_view text, const std::string& name, const JobLookup& jobs);

}  // namespace latentgrid::cli
