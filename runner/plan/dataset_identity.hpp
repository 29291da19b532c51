#pragma once

#include <cstdint>

#include "base/json.hpp"
#include "data/dataset.hpp"
#include "data/digest_cache.hpp"

namespace latentgrid {

// What identifies a dataset's pixels, features, labels and split (data/dataset.hpp), and which images of its files it
// selects.
struct DatasetIdentity {
  std::int64_t image_count = 0;
  Json images;
  Json labels;  // null: none
  Json split;
  Json features = nullptr;   // null: none
  Json selection = nullptr;  // SelectedImages::identity()
};

// Labels, split and selection: all that stage labels keeps. Throws as read_dataset_header() does.
void identify_labels(const DatasetSource& source, const DatasetHeader& header, DigestCache& digests, DatasetIdentity& identity);

Json label_params(const DatasetIdentity& dataset);  // of stage labels
Json score_params(const DatasetIdentity& dataset);  // of stage score, which hashes what it uses of them

}  // namespace latentgrid
