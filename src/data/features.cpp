#include "data/features.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/hinted_error.hpp"
#include "base/key.hpp"
#include "data/array_input.hpp"
#include "data/digest_cache.hpp"
#include "data/open_input.hpp"
#include "data/selection.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t bytes_at_once = std::size_t{4} << 20;
constexpr auto of_features = DatasetError::Part::features;

ArrayInput open_rows(const std::filesystem::path& file) {
  ArrayInput array = open_array(file, FileRole::features);
  if (array.shape.size() != 2 || array.shape[1] < 1) {
    throw HintedError(fmt::format("{} holds {} values, and features are N×D: one row of values for each image", file.string(),
                                  fmt::join(array.shape, "×")),
                      "save them with np.save(\"features.npy\", features.reshape(len(features), -1).astype(\"float32\"))");
  }
  if (array.fortran_order) {
    throw HintedError(fmt::format("{} is stored by columns (Fortran order)", file.string()),
                      "save it with np.save(\"features.npy\", np.ascontiguousarray(features))");
  }
  return array;
}

// Calls visit(number over all files, row) for every row, in order.
template <typename Visit>
void visit_rows(const DatasetSource& source, const Visit& visit) {
  std::int64_t number = 0;
  std::vector<float> row;
  for (std::size_t i = 0; i < source.features.size(); ++i) {
    blame(of_features, i, [&] {
      const ArrayInput array = open_rows(source.features[i]);
      const Element element = array.element().value();
      const std::int64_t count = array.shape[0], width = array.shape[1];
      const auto row_bytes = static_cast<std::size_t>(width) * element.bytes;
      const std::int64_t at_once = std::max<std::int64_t>(1, static_cast<std::int64_t>(bytes_at_once / row_bytes));
      std::vector<std::byte> bytes;
      row.resize(static_cast<std::size_t>(width));
      for (std::int64_t first = 0; first < count; first += at_once) {
        const std::int64_t rows = std::min(at_once, count - first);
        bytes.resize(static_cast<std::size_t>(rows) * row_bytes);
        array.read(first * static_cast<std::int64_t>(row_bytes), bytes);
        for (std::int64_t r = 0; r < rows; ++r, ++number) {
          const std::byte* from = bytes.data() + static_cast<std::size_t>(r) * row_bytes;
          for (std::size_t v = 0; v < row.size(); ++v) row[v] = static_cast<float>(as_double(element, from + v * element.bytes));
          const bool finite = std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); });
          if (!finite) {
            throw HintedError(fmt::format("{}: row {}, counted from 0, has values that are not finite as float32",
                                          source.features[i].string(), first + r),
                              "leave such images out, or replace the values: np.nan_to_num(features)");
          }
          visit(number, row);
        }
      }
      array.check_end();
    });
  }
}

std::vector<std::int64_t> selected_rows(const DatasetSource& source) {
  const OpenImages images = open_images(source);
  std::vector<std::int64_t> labels;
  if (!source.classes.empty()) labels = read_labels(source, images).values;
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < source.features.size(); ++i) blame(of_features, i, [&] { rows += open_rows(source.features[i]).shape[0]; });
  if (rows != images.count) {
    throw DatasetError(of_features, 0, fmt::format("there are {} rows of features and {} images", rows, images.count),
                       "give one row for each image of all image files, in their order");
  }
  return select_images(source, labels, images.count);
}

// Calls visit(row) for every selected row, in order.
template <typename Visit>
void visit_selected(const DatasetSource& source, const std::vector<std::int64_t>& selection, const Visit& visit) {
  auto next = selection.begin();
  visit_rows(source, [&](std::int64_t number, const std::vector<float>& row) {
    if (next == selection.end() || *next != number) return;
    ++next;
    visit(row);
  });
}

Json identity_of(std::int64_t count, std::int64_t width, const std::string& sha256) {
  return {{"shape", {count, width}}, {"sha256", sha256}};
}

class ImagesWithoutPixels : public ImageSource {
 public:
  ImagesWithoutPixels(std::filesystem::path name, std::int64_t count) : ImageSource(std::move(name)) {
    count_ = count;
    element_ = {'u', 1, false};
  }
  RawImage image(std::int64_t) override { return {{}, shape_, element_}; }
};

}  // namespace

std::int64_t feature_width(const DatasetSource& source) {
  std::int64_t width = 0;
  for (std::size_t i = 0; i < source.features.size(); ++i) {
    const std::int64_t of_file = blame(of_features, i, [&] { return open_rows(source.features[i]).shape[1]; });
    if (width != 0 && of_file != width) {
      throw DatasetError(of_features, i, fmt::format("{} has {} values in a row, and the file before it {}", source.features[i].string(), of_file, width),
                         "all files of features must come from one model");
    }
    width = of_file;
  }
  return width;
}

FeatureSet load_features(const DatasetSource& source, const ReadProgress& progress) {
  const std::vector<std::int64_t> selection = selected_rows(source);
  FeatureSet set{.count = std::ssize(selection), .width = feature_width(source)};
  set.values.reserve(static_cast<std::size_t>(set.count * set.width));
  Sha256 hash;
  std::int64_t done = 0;
  visit_selected(source, selection, [&](const std::vector<float>& row) {
    hash.update(std::as_bytes(std::span(row)));
    set.values.insert(set.values.end(), row.begin(), row.end());
    if (progress) progress(++done, set.count);
  });
  set.identity = identity_of(set.count, set.width, hash.hex());
  return set;
}

Json feature_identity(const DatasetSource& source, DigestCache& cache) {
  if (source.features.empty()) return nullptr;
  const std::vector<std::int64_t> selection = selected_rows(source);
  Sha256 chosen;
  chosen.update(std::as_bytes(std::span(selection)));
  const std::string sha256 = cache.get(source.features, "features of " + chosen.hex(), [&] {
    Sha256 hash;
    visit_selected(source, selection, [&](const std::vector<float>& row) { hash.update(std::as_bytes(std::span(row))); });
    return hash.hex();
  });
  return identity_of(std::ssize(selection), feature_width(source), sha256);
}

std::unique_ptr<ImageSource> images_without_pixels(const DatasetSource& source) {
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < source.features.size(); ++i) blame(of_features, i, [&] { rows += open_rows(source.features[i]).shape[0]; });
  return std::make_unique<ImagesWithoutPixels>(source.features.front(), rows);
}

}  // namespace latentgrid
