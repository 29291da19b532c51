#pragma once

#include "data/image_labels.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// What is known of the images that this job clusters, by its artifact of stage labels: none of the user's files is read.
// Throws Error with what to do where it is missing or damaged, or an older latentgrid ran the job and kept none.
// `revision`: one that has the job.
ImageLabels image_labels_of(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store);

}  // namespace latentgrid
