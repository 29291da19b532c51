#include "report/job_artifacts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/error.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

void require_complete(const JobDetail& job, const SweepRevision& revision) {
  if (job.row.state == "complete") return;
  throw Error(fmt::format("job {} is not complete ({}{}): `latentgrid run {}` does the work that is missing", job.row.job, job.row.state,
                          job.row.reason.empty() ? "" : ", " + job.row.reason, revision.file));
}

const PathStep* find_step(const JobDetail& job, std::string_view stage) {
  const auto found = std::find_if(job.path.begin(), job.path.end(), [&](const PathStep& step) { return step.stage == stage; });
  return found == job.path.end() ? nullptr : &*found;
}

const PathStep& required_step(const JobDetail& job, std::string_view stage) {
  const auto found =
      std::find_if(job.path.rbegin(), job.path.rend(), [&](const PathStep& step) { return step.stage == stage; });
  if (found != job.path.rend()) return *found;
  throw Error(fmt::format("job {} has no stage '{}'", job.row.job, stage));
}

fs::path required_file(const JobDetail& job, const std::string& stage, const std::string& name,
                       const SweepRevision& revision, const ArtifactStore& store) {
  const ArtifactId& id = required_step(job, stage).artifact;
  const fs::path file = store.folder(stage, id) / name, folder = file.parent_path();
  // A published artifact is taken for whole: `run` makes it anew only where all of it is gone.
  const std::string remedy =
      fmt::format("\n  hint: {}`latentgrid run {}` makes it anew",
                  fs::exists(folder) ? fmt::format("remove {}, then ", folder.string()) : "", revision.file);
  if (!fs::exists(file)) {
    throw Error(fmt::format("{} of job {} is missing: {}{}", name, job.row.job, file.string(), remedy));
  }
  if (!store.exists(stage, id)) return file;  // without a record nothing says how large it should be
  if (const std::optional<std::string> damage = store.damage(stage, id)) {
    throw Error(fmt::format("an artifact of job {} is damaged: {}{}", job.row.job, *damage, remedy));
  }
  return file;
}

std::vector<std::int32_t> read_int32s(const JobDetail& job, const std::string& stage, const std::string& name,
                                      const SweepRevision& revision, const ArtifactStore& store) {
  const NpyFile npy(required_file(job, stage, name, revision, store));
  const std::span<const std::int32_t> values = npy.int32s();
  return {values.begin(), values.end()};
}

void require_rows(const JobDetail& job, const char* what, std::size_t rows, std::size_t images) {
  if (rows == images) return;
  throw Error(fmt::format("{} of job {} has {} rows, but its data set has {} images", what, job.row.job, rows, images));
}

void check_clusters(const JobDetail& job, const std::vector<std::int32_t>& clusters, std::size_t count) {
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] >= noise_cluster && clusters[i] < static_cast<std::int64_t>(count)) continue;
    throw Error(
        fmt::format("job {}: row {} of {} is cluster {}, but there are {} clusters; its artifacts don't fit "
                    "each other: remove the folders that `latentgrid show {}` names for cluster and score, and run the "
                    "sweep again",
                    job.row.job, i, clusters_file, clusters[i], count, job.row.job));
  }
}

}  // namespace latentgrid
