#include "data/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "data/label_file.hpp"
#include "data/synthetic.hpp"

namespace latentgrid {

namespace {

std::vector<std::int64_t> values_of(const DatasetSource::Labels& part) {
  if (part.counts.empty()) return read_integers(part.file);
  std::vector<std::int64_t> values;
  for (std::size_t label = 0; label < part.counts.size(); ++label) {
    values.insert(values.end(), static_cast<std::size_t>(part.counts[label]), static_cast<std::int64_t>(label));
  }
  return values;
}

void place_labels(const DatasetSource::Labels& part, std::vector<std::int64_t>& labels, std::vector<bool>& taken) {
  std::vector<std::int64_t> values = values_of(part);
  auto count = static_cast<std::int64_t>(values.size()), images = static_cast<std::int64_t>(labels.size());
  if (part.first_image < 0 || part.first_image + count > images) {
    throw Error(fmt::format("{} {} labels, the first for image {}, but there are only {} images",
                            part.counts.empty() ? part.file.string() + " holds" : "the counts are", count,
                            part.first_image, images));
  }
  for (std::int64_t i = 0; i < count; ++i) {
    auto image = static_cast<std::size_t>(part.first_image + i);
    if (taken[image]) {
      throw Error(fmt::format("{} labels image {}, which another label file has labelled already",
                              part.counts.empty() ? part.file.string() : "a list of counts", image));
    }
    taken[image] = true;
    labels[image] = std::max<std::int64_t>(values[static_cast<std::size_t>(i)], -1);
  }
}

}  // namespace

OpenImages open_images(const DatasetSource& source) {
  OpenImages images;
  if (source.synthetic) {
    images.files.push_back(std::make_unique<SyntheticImages>(*source.synthetic));
  } else {
    for (std::size_t i = 0; i < source.images.size(); ++i) {
      images.files.push_back(blame(DatasetError::Part::images, i, [&] { return open_image_file(source.images[i]); }));
    }
  }
  if (images.files.empty()) throw Error(fmt::format("dataset '{}' names no image file", source.name));
  images.shape = images.files.front()->shape();
  for (std::size_t i = 0; i < images.files.size(); ++i) {
    const ImageShape& shape = images.files[i]->shape();
    if (shape != images.shape) {
      throw DatasetError(
          DatasetError::Part::images, i,
          fmt::format("{} holds images of {}×{}×{} but {} of {}×{}×{}; the files of a dataset must agree",
                      source.images[0].string(), images.shape.height, images.shape.width, images.shape.channels,
                      source.images[i].string(), shape.height, shape.width, shape.channels));
    }
    images.count += images.files[i]->count();
  }
  return images;
}

std::vector<std::int64_t> read_labels(const DatasetSource& source, std::int64_t images) {
  if (source.synthetic) return synthetic_labels(*source.synthetic);
  if (source.labels.empty()) return {};
  std::vector<std::int64_t> labels(static_cast<std::size_t>(images), -1);
  std::vector<bool> taken(labels.size());
  for (std::size_t i = 0; i < source.labels.size(); ++i) {
    blame(DatasetError::Part::labels, i, [&] { place_labels(source.labels[i], labels, taken); });
  }
  return labels;
}

std::vector<std::int64_t> select_images(const DatasetSource& source, const std::vector<std::int64_t>& labels,
                                        std::int64_t images) {
  std::vector<std::int64_t> selection;
  if (source.classes.empty()) {
    selection.resize(static_cast<std::size_t>(images));
    std::iota(selection.begin(), selection.end(), 0);
  } else {
    if (labels.empty()) {
      throw DatasetError(DatasetError::Part::classes, 0,
                         fmt::format("dataset '{}' selects classes but has no labels", source.name));
    }
    for (std::size_t i = 0; i < source.classes.size(); ++i) {
      if (std::find(labels.begin(), labels.end(), source.classes[i]) == labels.end()) {
        throw DatasetError(DatasetError::Part::classes, i,
                           fmt::format("dataset '{}' has no image of class {}", source.name, source.classes[i]));
      }
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (std::find(source.classes.begin(), source.classes.end(), labels[i]) != source.classes.end()) {
        selection.push_back(static_cast<std::int64_t>(i));
      }
    }
  }
  if (source.limit && *source.limit < static_cast<std::int64_t>(selection.size())) {
    selection.resize(static_cast<std::size_t>(std::max<std::int64_t>(*source.limit, 0)));
  }
  if (selection.empty()) throw Error(fmt::format("dataset '{}' selects no image", source.name));
  return selection;
}

void visit_images(OpenImages& images, const std::vector<std::int64_t>& selection,
                  const std::function<void(std::span<const std::uint8_t>)>& visit) {
  std::size_t file = 0;
  std::int64_t first = 0;  // of `file`, counted over all files
  for (std::int64_t index : selection) {
    while (index - first >= images.files[file]->count()) first += images.files[file++]->count();
    visit(blame(DatasetError::Part::images, file, [&] { return images.files[file]->image(index - first); }));
  }
}

}  // namespace latentgrid
