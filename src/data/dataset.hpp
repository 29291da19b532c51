#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/hinted_error.hpp"
#include "base/json.hpp"
#include "base/pixel_range.hpp"
#include "data/preparation.hpp"

namespace latentgrid {

// Where a dataset's pixels and labels are and what is selected of them. Nothing has been read yet. Paths are absolute.
struct DatasetSource {
  struct Synthetic {  // seeded images of `classes` patterns plus noise, for tests
    std::int64_t images = 0, classes = 2, channels = 3, height = 32, width = 32, seed = 0;
    double noise = 0.1;
  };
  struct Labels {
    std::filesystem::path file;    // as read_label_file() takes it (data/label_file.hpp); -1 is 'no label'
    std::int64_t first_image = 0;  // which image the first label belongs to, counted over all image files in order
    // Instead of a file: so many images of class 0 one after the other, then so many of class 1, ...
    std::vector<std::int64_t> counts;
    // Nobody said where the labels belong, so there must be one for every image, up to the first one of the next file.
    bool gapless = false;
  };
  struct Split {  // public/private; enters `labels` and `score` alone
    double public_fraction = 0.5;  // of the labelled images (of all, where none is), drawn with `seed`
    std::int64_t seed = 0;
    // .npy of integers, counted over all image files in order, or of booleans, one an image of all files; if not empty,
    // fraction and seed are ignored. Images that are not selected may be named.
    std::filesystem::path public_indices;
    bool written = false;  // by the sweep file; not part of to_json(), as scores do not depend on it
  };

  std::string name;                           // as shown in tables
  std::vector<std::filesystem::path> images;  // as open_image_source() takes them (data/image_source.hpp), in order
  std::vector<Labels> labels;                 // empty: no labels
  std::vector<std::filesystem::path> features;  // vectors of another model (data/features.hpp); without `images`, alone
  std::optional<Synthetic> synthetic;         // then `images` and `labels` are empty
  std::vector<std::int64_t> classes;          // keep only images of these classes (needs labels); empty: all
  std::vector<std::string> class_names;       // by class as load_labels() counts, "" for none; never part of a key
  std::optional<std::int64_t> limit;          // the first n images after the class selection
  Preparation preparation;                    // of each image
  std::optional<std::array<std::int64_t, 2>> pad_to;  // height, width: zeros around, the odd row or column at the end
  PixelRange range = PixelRange::minus_one_to_one;    // of the floats that bytes become when they are used
  Split split;

  Json to_json() const;                          // what the worker is told
  static DatasetSource from_json(const Json& json);
};

// Which value of a DatasetSource is wrong; `index` counts in images, labels and classes.
class DatasetError : public HintedError {
 public:
  enum class Part { images, labels, classes, pad_to, public_indices, features };

  DatasetError(Part of, std::size_t at, const std::string& message, std::string what_to_do = "")
      : HintedError(message, std::move(what_to_do)), part_(of), index_(at) {}

  Part part() const { return part_; }
  std::size_t index() const { return index_; }

 private:
  Part part_;
  std::size_t index_;
};

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

// Told how many images have been read, and of how many.
using ReadProgress = std::function<void(std::int64_t done, std::int64_t total)>;

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

// Remembers what was computed from files, by their path, size, modification and change times and inode, and by `what` was
// computed; of a folder of pictures by these of every picture in it. Of a file that was written within two seconds nothing is
// remembered: it may be written again without a trace, as file systems count time in steps. Not thread-safe.
class DigestCache {
 public:
  using UnixTime = std::function<double()>;  // seconds since 1970

  DigestCache() = default;  // forgets at the end
  // Starts from the file if it can be read; never writes by itself.
  explicit DigestCache(const std::filesystem::path& file, UnixTime now = nullptr);
  // What is remembered, or else what `compute` gives; that is remembered unless a file is young or was written meanwhile.
  std::string get(const std::vector<std::filesystem::path>& files, const std::string& what,
                  const std::function<std::string()>& compute);
  void save(const std::filesystem::path& file) const;  // makes the folder

  // Who is told how far images have been read where a digest had to be computed.
  void report_to(ReadProgress progress) { progress_ = std::move(progress); }
  const ReadProgress& progress() const { return progress_; }

 private:
  Json entries_ = Json::object();
  UnixTime now_;  // the system's if null
  ReadProgress progress_;
};

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

}  // namespace latentgrid
