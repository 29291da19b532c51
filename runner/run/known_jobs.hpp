#pragma once

#include <vector>

#include "db/results_db.hpp"
#include "plan/job_choice.hpp"

namespace latentgrid {

// States of a plan's jobs by their place in it, as the database has them; pending where it does not know the job.
std::vector<JobState> recorded_states(const ResultsDb& db, const Plan& plan);

// Whether a job that failed is as good as any other answer, or will be tried again by the run that is planned.
enum class FailedJobs { are_final, are_tried_again };

// What is known of a plan's jobs in these states. The best job is the complete one with the smallest recon_mse or wall_s,
// or the largest of anything else, the first of equals; other jobs that the database has of the sweep do not count. `db`
// and `plan` must outlive what is returned.
JobKnowledge known_jobs(const ResultsDb& db, const Plan& plan, std::vector<JobState> states, FailedJobs failed);

}  // namespace latentgrid
