#include "report/competition_split.hpp"

namespace latentgrid {

std::optional<CompetitionSplit> competition_split(const SweepRevision& revision, const ImageLabels& images) {
  const Json source = member_of(revision.dataset, "source");
  if (!source.is_object() || DatasetSource::from_json(source).split.public_indices.empty()) return std::nullopt;
  CompetitionSplit parts;
  for (bool is_public : images.is_public) ++(is_public ? parts.public_images : parts.private_images);
  return parts;
}

}  // namespace latentgrid
