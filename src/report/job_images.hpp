#pragma once

#include "data/selected_images.hpp"
#include "db/queries.hpp"

namespace latentgrid {

// What load was told of the images that this job clusters (image_identity()); null where no record says.
Json image_identity_of(const JobDetail& job);

// The dataset of a revision. Throws Error where an older latentgrid recorded none.
DatasetSource source_of(const SweepRevision& revision);

// The images that the job clusters, as they lie in their files now. Throws Error where these cannot be read, or hold
// other images than when the job ran. `revision`: one that has the job.
SelectedImages images_of_job(const JobDetail& job, const SweepRevision& revision, DigestCache& digests);

// Whether the label files hold the labels that the job was scored with; true where no record says which those were. Throws Error
// where they cannot be read.
bool labels_are_of(const JobDetail& job, const DatasetSource& source, DigestCache& digests);

}  // namespace latentgrid
