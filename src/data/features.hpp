#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/dataset.hpp"
#include "data/digest_cache.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// Vectors that another model has made of the images: `features` of a dataset, N×D, float32 or float64 (or integers), one row an
// image of all image files in order. Rows follow the selection of images. Everything here throws DatasetError naming the file
// and what is wrong: of another shape, values that are not finite as float32, more or fewer rows than images.
struct FeatureSet {
  std::int64_t count = 0, width = 0;
  std::vector<float> values;  // count × width
  Json identity;              // what feature_identity() says, of the very values that were read
};

FeatureSet load_features(const DatasetSource& source, const ReadProgress& progress = nullptr);

// Values of a row; 0 where the dataset has no features. Reads the header.
std::int64_t feature_width(const DatasetSource& source);

// What identifies the selected rows: their shape and the digest of their values as float32.
Json feature_identity(const DatasetSource& source, DigestCache& cache);

// Stands for the images of a dataset that has features alone: as many as there are rows, without pixels.
std::unique_ptr<ImageSource> images_without_pixels(const DatasetSource& source);

}  // namespace latentgrid
