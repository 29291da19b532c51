#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "columns/cell.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// What the database will have in a column of this job (db/job_columns.hpp), canonical; NULL where the job has no value, and
// for what is known only after the run.
Cell column_value(const Job& job, const std::string& column);

// Whether a column can be NULL in all jobs only because nothing has run yet: scores, states, times.
bool known_after_the_run(const std::string& column);

// Indices of the jobs that meet all conditions, as jobs_that_meet() of db/job_columns.hpp will find them; conditions on what
// is known only after the run are left out. A column that no job has, and conditions that no job meets, are errors at their
// positions; a value that no job has, beside others that some have, is a warning.
std::vector<std::size_t> jobs_that_meet(const std::vector<Job>& jobs, const std::vector<JobCondition>& conditions,
                                        const SourcePosition& where, Diagnostics& diagnostics);

}  // namespace latentgrid
