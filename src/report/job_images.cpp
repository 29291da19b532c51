#include "report/job_images.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace latentgrid {

Json image_identity_of(const JobDetail& job) {
  for (const PathStep& step : job.path) {
    if (step.stage != "load" || !step.record.is_object()) continue;
    return step.record.value("provenance", Json::object()).value("params", Json());
  }
  return nullptr;
}

DatasetSource source_of(const SweepRevision& revision) {
  if (!revision.dataset.contains("source")) throw Error("an older latentgrid recorded no image and label files");
  return DatasetSource::from_json(revision.dataset["source"]);
}

SelectedImages images_of_job(const JobDetail& job, const SweepRevision& revision, DigestCache& digests) {
  return unchanged_images(source_of(revision), image_identity_of(job), digests);
}

bool labels_are_of(const JobDetail& job, const DatasetSource& source, DigestCache& digests) {
  const auto score = std::find_if(job.path.begin(), job.path.end(),
                                  [](const PathStep& step) { return step.stage == "score" && step.record.is_object(); });
  if (score == job.path.end()) return true;
  const Json params = score->record.value("provenance", Json::object()).value("params", Json::object());
  return !params.contains("labels") || params["labels"] == label_identity(source, digests);
}

}  // namespace latentgrid
