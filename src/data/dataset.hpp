#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "data/dataset_source.hpp"
#include "data/read_progress.hpp"

namespace latentgrid {

// From the files' headers alone (plus the label file, where a class subset or the number of classes needs it).
struct DatasetHeader {
  std::int64_t images = 0;  // selected
  std::int64_t channels = 0, height = 0, width = 0;  // after padding; 0 where there are features alone
  std::int64_t feature_width = 0;                    // values of each image's features; 0: none
  std::int64_t labelled = 0;
  std::int64_t classes = 0;  // distinct labels among the selected images; 0 without labels
};

// The readers below throw DatasetError naming the file and what is wrong: absent, truncated, of another type or size, changed
// while it was read, more or fewer labels than images; Error where no single value is to blame. None decompresses or copies more
// than it returns, and none takes memory for what a header promises and the file does not hold. Thread-safe.
DatasetHeader read_dataset_header(const DatasetSource& source);

struct ImageSet {  // N×H×W×C, uint8, C-contiguous
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels;
  Json identity;  // what image_identity() says, taken from the very bytes that were read
};

ImageSet load_images(const DatasetSource& source, const ReadProgress& progress = nullptr);

// One label an image, of the selected images, in order: classes renumbered 0..classes-1 by value; -1 where there is none.
std::vector<std::int32_t> load_labels(const DatasetSource& source);

// The labels of the selected images as their files have them, each once, ascending: class c of load_labels() is the c-th.
// Empty without labels.
std::vector<std::int64_t> class_values(const DatasetSource& source);

// What their files call the classes of class_values(), in its order, "" for one without a name; empty if none has a name.
std::vector<std::string> names_in_files(const DatasetSource& source);

// True for public images among the selected ones.
std::vector<bool> load_public_mask(const DatasetSource& source);

}  // namespace latentgrid
