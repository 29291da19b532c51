#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/matrix.hpp"
#include "db/details.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// One place for the images of a sweep, in which the clusters of all jobs are judged: an untrained encoder's vectors, or
// the points that a job clusters. Silhouettes of different spaces are not comparable.
struct CommonSpace {
  std::string name;   // as it is asked for: "raw", or the job's id
  std::string title;  // "raw pixels", "the points of job 0123456789ab"
  std::string file;   // of the artifact
  std::string stage;
  ArtifactId artifact;
};

// `name`: of an untrained encoder, or the beginning of the id of one of the jobs. Throws UsageError with what there is.
CommonSpace find_common_space(const ResultsDb& db, const std::vector<const ResultRow*>& jobs, const std::string& name);

// Rows are images. All of them, or those of `images`. Throws Error where the artifact cannot be read.
MatrixRf read_points(const ArtifactStore& store, const CommonSpace& space, std::span<const std::int64_t> images);
std::int64_t images_in(const ArtifactStore& store, const CommonSpace& space);

}  // namespace latentgrid
