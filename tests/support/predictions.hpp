#pragma once

#include <filesystem>
#include <vector>

#include "data/image_labels.hpp"
#include "store/artifact_store.hpp"
#include "store/npy.hpp"

// What score leaves for each image, and images whose labels are known without a file.
namespace latentgrid::testing {

// Labels 0, 1, 0, 1, ...
inline DatasetSource alternating_labels(std::int64_t images) {
  DatasetSource source;
  source.name = "stripes";
  source.synthetic = DatasetSource::Synthetic{.images = images, .classes = 2, .seed = 1};
  return source;
}

inline std::filesystem::path write_predictions(const ArtifactStore& store, const ArtifactId& score,
                                               const std::vector<std::int32_t>& predictions) {
  const std::filesystem::path file = store.folder("score", score) / "predictions.npy";
  std::filesystem::create_directories(file.parent_path());
  write_npy(file, std::span<const std::int32_t>(predictions), {static_cast<std::int64_t>(predictions.size())});
  return file;
}

// What stage labels leaves of a data set.
inline std::filesystem::path write_labels(const ArtifactStore& store, const ArtifactId& labels, const DatasetSource& source) {
  const std::filesystem::path folder = store.folder("labels", labels);
  std::filesystem::create_directories(folder);
  ImageLabels(source).write(folder);
  return folder;
}

}  // namespace latentgrid::testing
