#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  std::vector<std::filesystem::path> images;  // as open_image_source() takes them (data/open_input.hpp), in order
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

}  // namespace latentgrid
