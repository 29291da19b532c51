#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"

namespace latentgrid {

// What a folder holds that a sweep can run on.
struct FoundDataset {
  DatasetSource source;  // images or features or both, labels unless the images bring their own, how images are prepared
  DatasetHeader header;
  bool one_size = true;                       // of all images that were looked at, before they are prepared
  std::int64_t height = 0, width = 0;         // ... and which
  bool labels_of_images = false;              // the images' own files or folders say the labels
  std::filesystem::path class_names;          // a text file with one name for each class; may be empty
  std::vector<std::filesystem::path> others;  // that hold images too, and are not taken
};

// Looks at the files in the folder and, where none can be read, at those in its folders. Files called like those to
// train with are taken before those to test with. An array of floats with one row for each image, or without images,
// holds features. Throws HintedError if there are neither.
FoundDataset find_dataset(const std::filesystem::path& folder);

}  // namespace latentgrid
