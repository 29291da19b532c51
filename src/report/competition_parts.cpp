#include "report/competition_parts.hpp"

#include "base/error.hpp"

namespace latentgrid {

std::optional<CompetitionParts> competition_parts(const DatasetSource& source) {
  if (source.split.public_indices.empty()) return std::nullopt;
  try {
    CompetitionParts parts;
    for (bool is_public : load_public_mask(source)) ++(is_public ? parts.public_images : parts.private_images);
    return parts;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace latentgrid
