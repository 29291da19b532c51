#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "data/dataset_source.hpp"
#include "data/digest_cache.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// What identifies the selected pixels (load's parameters in the key): the digest of their bytes as they are prepared, before
// padding, their shape N, H, W, C, and the padding. Paths, file formats, the division into files and labels don't enter. A class subset
// enters through the bytes it selects. Synthetic images are identified by their parameters.
Json image_identity(const DatasetSource& source, DigestCache& cache);
// Digests of the selected images' labels, null without labels, and of the public mask.
Json label_identity(const DatasetSource& source, DigestCache& cache);
Json split_identity(const DatasetSource& source, DigestCache& cache);
// The same of what was read, so that it is certain to be what is used: load_labels(), load_public_mask().
Json identity_of_labels(const std::vector<std::int32_t>& labels);
Json identity_of_split(const std::vector<bool>& public_mask);
// image_identity() of a selection whose bytes have this SHA-256 (unused for synthetic images).
Json make_image_identity(const DatasetSource& source, const ImageShape& shape, const std::vector<std::int64_t>& selection,
                         const std::string& sha256);

}  // namespace latentgrid
