#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

// What a competition gave back for a job's submitted labels.
struct SubmissionRow {
  std::string job;
  std::string file;          // as uploaded; "" if it isn't known
  std::string submitted_at;  // as the competition writes it; "" if it doesn't
  std::string description;
  std::optional<double> public_score, private_score;
  std::string imported_at;  // "" is now
};

struct SubmissionCounts {
  std::int64_t imported = 0;
  std::int64_t updated = 0;  // known, with a score or a description that has changed or has come since
  std::int64_t known = 0;
};

// A submission is known by its job, file and time. One BEGIN IMMEDIATE transaction, undone where nothing is new; a
// score that is missing now stays what it was. Throws Error for a job that was never registered.
SubmissionCounts import_submissions(ResultsDb& db, const std::vector<SubmissionRow>& submissions);

// Of a job: the latest first.
std::vector<SubmissionRow> submissions(const ResultsDb& db, const std::string& job);

}  // namespace latentgrid
