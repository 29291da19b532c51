#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.hpp"
#include "data/selected_images.hpp"

namespace latentgrid {

// What is known of a data set's selected images besides their pixels. Scores and reports read it from an artifact of stage
// labels, so that they need none of the user's files.
struct ImageLabels {
  // Reads the files' headers, and the files of labels and of the split. Throws as read_dataset_header() does.
  explicit ImageLabels(const DatasetSource& source);
  // From the folder of an artifact. Throws Error for one that is no such artifact.
  explicit ImageLabels(const std::filesystem::path& artifact);

  // labels.npy (int32 N), public.npy (uint8 N), numbers.npy (int64 N, over all files), images.json.
  void write(const std::filesystem::path& folder) const;

  static constexpr const char* file = "images.json";  // of the artifact; it is written last

  std::vector<std::int32_t> labels;        // as load_labels() counts; -1: none
  std::vector<bool> is_public;             // load_public_mask()
  std::vector<std::int64_t> class_values;  // class_values()
  SelectedImages images;

 private:
  ImageLabels(const std::filesystem::path& artifact, const Json& json);
};

}  // namespace latentgrid
