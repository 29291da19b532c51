#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"

namespace latentgrid {

// Where a dataset's pixels and labels are and what is selected of them. Nothing has been read yet. Paths are absolute.
struct DatasetSource {
  struct Synthetic {  // seeded images of `classes` patterns plus noise, for tests
    std::int64_t images = 0, classes = 2, channels = 3, height = 32, width = 32, seed = 0;
    double noise = 0.1;
  };
  struct Labels {
    std::filesystem::path file;
    std::int64_t first_image = 0;  // which image the first label belongs to, counted over all image files in order
  };
  struct Split {  // public/private; enters `score` alone
    double public_fraction = 0.5;
    std::int64_t seed = 0;
    std::filesystem::path public_indices;  // .npy of integers; if not empty, fraction and seed are ignored
  };

  std::string name;                           // as shown in tables
  std::vector<std::filesystem::path> images;  // .npy (uint8 N×H×W×C or N×H×W) or IDX / IDX.gz, in order
  std::vector<Labels> labels;                 // empty: no labels
  std::optional<Synthetic> synthetic;         // then `images` and `labels` are empty
  std::vector<std::int64_t> classes;          // keep only images of these classes (needs labels); empty: all
  std::optional<std::int64_t> limit;          // the first n images after the class selection
  std::optional<std::array<std::int64_t, 2>> pad_to;  // height, width: zeros around, the odd row or column at the end
  Split split;

  Json to_json() const;                          // what the worker is told
  static DatasetSource from_json(const Json& json);
};

// From the files' headers alone (plus the label file, where a class subset or the number of classes needs it).
struct DatasetHeader {
  std::int64_t images = 0;  // selected
  std::int64_t channels = 0, height = 0, width = 0;  // after padding
  std::int64_t labelled = 0;
  std::int64_t classes = 0;  // distinct labels among the selected images; 0 without labels
};

DatasetHeader read_dataset_header(const DatasetSource& source);  // throws Error naming the file

struct ImageSet {  // N×H×W×C, uint8, C-contiguous
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> pixels;
};

ImageSet load_images(const DatasetSource& source);

// One label an image, of the selected images, in order: classes renumbered 0..classes-1 by value; -1 where there is none.
std::vector<std::int32_t> load_labels(const DatasetSource& source);

// True for public images among the selected ones.
std::vector<bool> load_public_mask(const DatasetSource& source);

// Digests of whole files are remembered by path, size, modification time and inode.
class DigestCache {
 public:
  DigestCache() = default;                                    // forgets at the end
  explicit DigestCache(const std::filesystem::path& file);    // starts from the file if it exists; never writes by itself
  std::optional<std::string> find(const std::filesystem::path& path, const std::string& what) const;
  void remember(const std::filesystem::path& path, const std::string& what, const std::string& digest);
  void save(const std::filesystem::path& file) const;

 private:
  Json entries_ = Json::object();
};

// What identifies the selected pixels (load's parameters in the key): paths, file formats and labels don't enter; equal
// selected bytes give an equal identity. A class subset is the digest of its index list.
Json image_identity(const DatasetSource& source, DigestCache& cache);
// Digest of labels and of the split, for score's key; null without labels.
Json label_identity(const DatasetSource& source, DigestCache& cache);
Json split_identity(const DatasetSource& source, DigestCache& cache);

}  // namespace latentgrid
