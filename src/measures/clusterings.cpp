#include "measures/clusterings.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "base/error.hpp"
#include "columns/parameters.hpp"
#include "db/relations.hpp"
#include "methods/artifact_files.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

constexpr const char* clustering_stage = "cluster";

// What jobs that differ only in the seed share.
std::string setting_identity(const ResultRow& job) {
  return fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", job.dataset, job.architecture,
                     job.latent, job.latent_dim, job.epochs, job.reduction, job.reduced_dim, job.clustering, job.k,
                     complete_parameters(Json::parse(job.params, nullptr, false), job.clustering).dump());
}

}  // namespace

Clusterings clusterings_of(const ResultsDb& db, std::int64_t revision, const std::vector<const ResultRow*>& jobs) {
  const std::unordered_map<std::string, ArtifactId> artifacts = artifacts_of_stage(db, revision, clustering_stage);
  std::unordered_map<std::string, std::size_t> settings;
  std::map<ArtifactId, std::size_t> known;
  Clusterings found;
  for (const ResultRow* job : jobs) {
    const std::size_t setting = settings.try_emplace(setting_identity(*job), settings.size()).first->second;
    found.setting_of.push_back(setting);
    found.of_job.emplace_back();
    const auto artifact = artifacts.find(job->job);
    if (job->state != "complete" || artifact == artifacts.end()) continue;
    const auto [place, is_new] = known.try_emplace(artifact->second, found.all.size());
    if (is_new) found.all.push_back({artifact->second, setting, job->job});
    found.of_job.back() = place->second;
  }
  found.settings = settings.size();
  return found;
}

std::vector<std::int32_t> read_clusters(const ArtifactStore& store, const Clusterings::Clustering& clustering) {
  try {
    const NpyFile file(store.folder(clustering_stage, clustering.artifact) / clusters_file);
    const auto values = file.int32s();
    return {values.begin(), values.end()};
  } catch (const Error& error) {
    throw Error(fmt::format("the clusters of job {} cannot be read: {}", clustering.job, error.what()));
  }
}

}  // namespace latentgrid
