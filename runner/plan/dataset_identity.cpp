#include "plan/dataset_identity.hpp"

#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "data/selected_images.hpp"

namespace latentgrid {

void identify_labels(const DatasetSource& source, const DatasetHeader& header, DigestCache& digests, DatasetIdentity& identity) {
  // Label files of which no image was selected are as good as none: the jobs get a silhouette.
  if (header.labelled > 0) identity.labels = label_identity(source, digests);
  identity.split = split_identity(source, digests);
  identity.selection = SelectedImages(source).identity();
}

Json label_params(const DatasetIdentity& dataset) {
  return {{"labels", dataset.labels}, {"split", dataset.split}, {"selection", dataset.selection}};
}

Json score_params(const DatasetIdentity& dataset) {
  const bool labelled = !dataset.labels.is_null();
  return {{"labels", dataset.labels}, {"split", labelled ? dataset.split : Json()}, {"silhouette", !labelled}};
}

}  // namespace latentgrid
