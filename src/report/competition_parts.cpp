#include "report/competition_parts.hpp"

namespace latentgrid {

std::optional<CompetitionParts> competition_parts(const SweepRevision& revision, const ImageLabels& images) {
  const Json source = member_of(revision.dataset, "source");
  if (!source.is_object() || DatasetSource::from_json(source).split.public_indices.empty()) return std::nullopt;
  CompetitionParts parts;
  for (bool is_public : images.is_public) ++(is_public ? parts.public_images : parts.private_images);
  return parts;
}

}  // namespace latentgrid
