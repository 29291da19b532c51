#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/noise_cluster.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What the commands read that hand a job's artifacts on. `revision`: one that has the job.

void require_complete(const JobDetail& job, const SweepRevision& revision);  // throws Error with what to do

// The first step of this stage on the job's path; null where there is none.
const PathStep* find_step(const JobDetail& job, std::string_view stage);

// The last step of this stage on the job's path; throws Error where there is none.
const PathStep& required_step(const JobDetail& job, std::string_view stage);

// A file of that step's artifact. Throws Error with what to do where it is missing or doesn't have the size that it was
// written with.
std::filesystem::path required_file(const JobDetail& job, const std::string& stage, const std::string& name,
                                    const SweepRevision& revision, const ArtifactStore& store);

std::vector<std::int32_t> read_int32s(const JobDetail& job, const std::string& stage, const std::string& name,
                                      const SweepRevision& revision, const ArtifactStore& store);

// Throws Error unless `what`, a file of the job's, has a row for each of so many images.
void require_rows(const JobDetail& job, const char* what, std::size_t rows, std::size_t images);

// Throws Error unless all are 0 ... count - 1, or noise.
void check_clusters(const JobDetail& job, const std::vector<std::int32_t>& clusters, std::size_t count);

}  // namespace latentgrid
