#include "report/job_images.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "report/job_artifacts.hpp"

namespace latentgrid {

ImageLabels image_labels_of(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store) {
  if (!find_step(job, "labels")) {
    throw Error(fmt::format("job {0} was run by an older latentgrid, which kept no labels and no names of image files\n"
                            "  hint: `latentgrid run {1}` adds them and does no finished work again",
                            job.row.job, revision.file));
  }
  return ImageLabels(required_file(job, "labels", ImageLabels::file, revision, store).parent_path());
}

}  // namespace latentgrid
