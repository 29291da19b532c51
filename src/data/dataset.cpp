#include "data/dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/key.hpp"
#include "base/random.hpp"
#include "data/features.hpp"
#include "data/identity.hpp"
#include "data/label_file.hpp"
#include "data/selection.hpp"

namespace latentgrid {

namespace {

// Headers, labels where there are any, and what is selected.
struct Selected {
  OpenImages images;
  std::vector<std::int64_t> labels;  // of all images
  std::vector<std::string> names;    // by label
  std::vector<std::int64_t> indices;
  std::int64_t height = 0, width = 0;  // after padding
};

enum class Labels { always, to_select };

Selected open_selected(const DatasetSource& source, Labels when) {
  Selected selected{open_images(source), {}, {}, {}};
  if (when == Labels::always || !source.classes.empty()) {
    LabelList read = read_labels(source, selected.images);
    selected.labels = std::move(read.values);
    selected.names = std::move(read.names);
  }
  selected.indices = select_images(source, selected.labels, selected.images.count);
  const ImageShape& shape = selected.images.shape;
  selected.height = source.pad_to ? (*source.pad_to)[0] : shape.height;
  selected.width = source.pad_to ? (*source.pad_to)[1] : shape.width;
  if (selected.height < shape.height || selected.width < shape.width) {
    throw DatasetError(DatasetError::Part::pad_to, 0,
                       fmt::format("images of {}×{} in dataset '{}' cannot be padded to the smaller {}×{}", shape.height,
                                   shape.width, source.name, selected.height, selected.width),
                       fmt::format("choose a pad_to of at least [{}, {}]", shape.height, shape.width));
  }
  if (ImageShape{selected.height, selected.width, shape.channels}.too_large()) {
    throw DatasetError(DatasetError::Part::pad_to, 0,
                       fmt::format("images of {}×{}×{} in dataset '{}' are too large", selected.height, selected.width,
                                   shape.channels, source.name),
                       "choose a smaller pad_to");
  }
  return selected;
}

// Classes among the selected images renumbered by value; -1 stays.
std::vector<std::int32_t> renumber(const Selected& selected) {
  std::map<std::int64_t, std::int32_t> number;
  for (std::int64_t index : selected.indices) {
    if (selected.labels[static_cast<std::size_t>(index)] >= 0) number[selected.labels[static_cast<std::size_t>(index)]] = 0;
  }
  std::int32_t next = 0;
  for (auto& [value, n] : number) n = next++;
  number[-1] = -1;
  std::vector<std::int32_t> labels;
  for (std::int64_t index : selected.indices) labels.push_back(number[selected.labels[static_cast<std::size_t>(index)]]);
  return labels;
}

std::vector<bool> mask_from_file(const Selected& selected, const std::filesystem::path& file) {
  std::vector<bool> chosen(static_cast<std::size_t>(selected.images.count));
  blame(DatasetError::Part::public_indices, 0, [&] {
    for (std::int64_t index : read_index_file(file, selected.images.count)) chosen[static_cast<std::size_t>(index)] = true;
  });
  std::vector<bool> mask;
  for (std::int64_t index : selected.indices) mask.push_back(chosen[static_cast<std::size_t>(index)]);
  return mask;
}

}  // namespace

DatasetHeader read_dataset_header(const DatasetSource& source) {
  Selected selected = open_selected(source, Labels::always);
  DatasetHeader header;
  header.images = static_cast<std::int64_t>(selected.indices.size());
  header.channels = selected.images.shape.channels;
  header.height = selected.height;
  header.width = selected.width;
  header.feature_width = feature_width(source);
  if (!selected.labels.empty()) {
    for (std::int32_t label : renumber(selected)) {
      header.labelled += label >= 0;
      header.classes = std::max<std::int64_t>(header.classes, label + 1);
    }
  }
  return header;
}

ImageSet load_images(const DatasetSource& source, const ReadProgress& progress) {
  Selected selected = open_selected(source, Labels::to_select);
  const ImageShape& shape = selected.images.shape;
  ImageSet set;
  set.count = static_cast<std::int64_t>(selected.indices.size());
  set.height = selected.height;
  set.width = selected.width;
  set.channels = shape.channels;
  set.pixels.resize(static_cast<std::size_t>(set.count * set.height * set.width * set.channels));
  const std::int64_t top = (set.height - shape.height) / 2, left = (set.width - shape.width) / 2;
  std::uint8_t* out = set.pixels.data();
  Sha256 hash;
  visit_images(selected.images, selected.indices, progress, [&](std::span<const std::uint8_t> pixels) {
    hash.update(std::as_bytes(pixels));
    const std::int64_t row = shape.width * shape.channels;
    for (std::int64_t y = 0; y < shape.height; ++y) {
      std::copy_n(pixels.data() + y * row, row, out + ((top + y) * set.width + left) * set.channels);
    }
    out += set.height * set.width * set.channels;
  });
  set.identity = make_image_identity(source, shape, selected.indices, hash.hex());
  return set;
}

std::vector<std::int32_t> load_labels(const DatasetSource& source) {
  Selected selected = open_selected(source, Labels::always);
  if (selected.labels.empty()) return std::vector<std::int32_t>(selected.indices.size(), -1);
  return renumber(selected);
}

namespace {

std::vector<std::int64_t> values_of_classes(const Selected& selected) {
  std::set<std::int64_t> values;
  if (!selected.labels.empty()) {
    for (std::int64_t index : selected.indices) values.insert(selected.labels[static_cast<std::size_t>(index)]);
  }
  values.erase(-1);
  return {values.begin(), values.end()};
}

}  // namespace

std::vector<std::int64_t> class_values(const DatasetSource& source) {
  return values_of_classes(open_selected(source, Labels::always));
}

std::vector<std::string> names_in_files(const DatasetSource& source) {
  const Selected selected = open_selected(source, Labels::always);
  std::vector<std::string> names;
  if (selected.names.empty()) return names;
  for (std::int64_t value : values_of_classes(selected)) names.push_back(selected.names[static_cast<std::size_t>(value)]);
  return names;
}

std::vector<bool> load_public_mask(const DatasetSource& source) {
  Selected selected = open_selected(source, Labels::always);
  if (!source.split.public_indices.empty()) return mask_from_file(selected, source.split.public_indices);
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < selected.indices.size(); ++i) {
    bool labelled = selected.labels.empty() || selected.labels[static_cast<std::size_t>(selected.indices[i])] >= 0;
    if (labelled) candidates.push_back(i);
  }
  auto n = static_cast<std::int64_t>(candidates.size());
  auto chosen = static_cast<std::size_t>(std::clamp<std::int64_t>(std::llround(source.split.public_fraction * n), 0, n));
  std::vector<std::int64_t> order = RandomStream(source.split.seed, "split").permutation(n);
  std::vector<bool> mask(selected.indices.size());
  for (std::size_t i = 0; i < chosen; ++i) mask[candidates[static_cast<std::size_t>(order[i])]] = true;
  return mask;
}

}  // namespace latentgrid
