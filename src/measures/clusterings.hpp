#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What the complete jobs among some have made of the same images. Jobs whose clusters are one artifact, such as those
// of a method that draws no random numbers with several seeds, share a clustering.
struct Clusterings {
  struct Clustering {
    ArtifactId artifact;
    std::size_t setting = 0;  // of its first job
    std::string job;          // the first one, for messages
  };

  std::vector<Clustering> all;                     // in the order of the jobs
  std::vector<std::optional<std::size_t>> of_job;  // by the job's place: of `all`; nothing where it is not complete
  std::vector<std::size_t> setting_of;  // by the job's place: jobs that differ only in the seed have the same
  std::size_t settings = 0;
};

Clusterings clusterings_of(const ResultsDb& db, std::int64_t revision, const std::vector<const ResultRow*>& jobs);

// The cluster of every image. Throws Error that names the job where the artifact cannot be read.
std::vector<std::int32_t> read_clusters(const ArtifactStore& store, const Clusterings::Clustering& clustering);

}  // namespace latentgrid
