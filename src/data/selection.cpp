#include "data/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "data/input_error.hpp"
#include "data/integer_file.hpp"
#include "data/synthetic.hpp"

namespace latentgrid {

namespace {

// The labels of one part, placed.
struct Placed {
  std::int64_t first = 0, count = 0;
};

// "y.npy holds 500 labels" or "the counts are 500 labels".
std::string labels_of(const DatasetSource::Labels& part, std::int64_t count) {
  return fmt::format("{} {} label{}", part.counts.empty() ? part.file.string() + " holds" : "the counts add up to", count, count == 1 ? "" : "s");
}

void check_room(const DatasetSource::Labels& part, std::int64_t count, std::int64_t images) {
  if (part.first_image >= 0 && part.first_image <= images && count <= images - part.first_image) return;
  const std::string first = part.gapless && part.first_image == 0 ? "" : fmt::format(", the first for image {}", part.first_image);
  throw InputError(fmt::format("{}{}, but there are only {} images", labels_of(part, count), first, images),
                   "are these the labels of other images? There must be one label for each image, in order");
}

std::vector<std::int64_t> values_of(const DatasetSource::Labels& part, std::int64_t images) {
  if (part.counts.empty()) return read_label_file(part.file);
  std::int64_t count = 0;
  for (std::int64_t n : part.counts) count += n;
  check_room(part, count, images);  // before they take memory
  std::vector<std::int64_t> values;
  for (std::size_t label = 0; label < part.counts.size(); ++label) {
    values.insert(values.end(), static_cast<std::size_t>(part.counts[label]), static_cast<std::int64_t>(label));
  }
  return values;
}

Placed place_labels(const DatasetSource::Labels& part, std::vector<std::int64_t>& labels, std::vector<bool>& taken) {
  const auto images = static_cast<std::int64_t>(labels.size());
  const std::vector<std::int64_t> values = values_of(part, images);
  const auto count = static_cast<std::int64_t>(values.size());
  check_room(part, count, images);
  for (std::int64_t i = 0; i < count; ++i) {
    auto image = static_cast<std::size_t>(part.first_image + i);
    if (taken[image]) {
      throw InputError(fmt::format("{} labels image {}, which other labels before it have labelled already",
                                   part.counts.empty() ? part.file.string() : "a list of counts", image),
                       "change first_image, which says where the labels begin");
    }
    taken[image] = true;
    labels[image] = values[static_cast<std::size_t>(i)];
  }
  return {part.first_image, count};
}

// Where the labels may begin that are as many as the images of one file alone; otherwise as before.
std::int64_t likely_first_image(const Placed& placed, const OpenImages& images) {
  std::int64_t first = 0;
  for (const auto& file : images.files) {
    if (file->count() == placed.count) return first;
    first += file->count();
  }
  return placed.first;
}

// Labels that fall short of their images would be scored against the wrong ones.
void check_gapless(const DatasetSource& source, const std::vector<Placed>& placed, const OpenImages& images) {
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const DatasetSource::Labels& part = source.labels[i];
    if (!part.gapless) continue;
    std::int64_t end = images.count;  // where the next labels begin
    for (const Placed& other : placed) {
      if (other.first > part.first_image) end = std::min(end, other.first);
    }
    if (placed[i].first + placed[i].count == end) continue;
    const std::string where = part.counts.empty() ? fmt::format("file: {}", part.file.string())
                                                  : fmt::format("counts: [{}]", fmt::join(part.counts, ", "));
    throw DatasetError(DatasetError::Part::labels, i,
                       fmt::format("{}, but there are {} images{}", labels_of(part, placed[i].count), end - placed[i].first,
                                   end < images.count ? " before the next labels begin" : ""),
                       fmt::format("are these the labels of other images? If not, and the other images have no labels, say which "
                                   "image the first label belongs to: labels: {{{}, first_image: {}}}",
                                   where, likely_first_image(placed[i], images)));
  }
}

std::string classes_there_are(const std::vector<std::int64_t>& labels) {
  constexpr std::size_t most_listed = 12;
  std::set<std::int64_t> values(labels.begin(), labels.end());
  values.erase(-1);
  if (values.empty()) return "no image has a label";
  const bool more = values.size() > most_listed;
  while (values.size() > most_listed) values.erase(std::prev(values.end()));
  return fmt::format("its classes are {}{}", fmt::join(values, ", "), more ? ", ..." : "");
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
          fmt::format("{} holds images of {}×{}×{} but {} of {}×{}×{}; the files of a dataset must hold images of one size",
                      source.images[0].string(), images.shape.height, images.shape.width, images.shape.channels,
                      source.images[i].string(), shape.height, shape.width, shape.channels),
          "bring all images to one size, or make a sweep of each file");
    }
    images.count += images.files[i]->count();
  }
  return images;
}

std::vector<std::int64_t> read_labels(const DatasetSource& source, const OpenImages& images) {
  if (source.synthetic) return synthetic_labels(*source.synthetic);
  if (source.labels.empty()) return {};
  std::vector<std::int64_t> labels(static_cast<std::size_t>(images.count), -1);
  std::vector<bool> taken(labels.size());
  std::vector<Placed> placed;
  for (std::size_t i = 0; i < source.labels.size(); ++i) {
    placed.push_back(
        blame(DatasetError::Part::labels, i, [&] { return place_labels(source.labels[i], labels, taken); }));
  }
  check_gapless(source, placed, images);
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
                         fmt::format("dataset '{}' selects classes but has no labels", source.name),
                         "add labels to the dataset, or remove classes");
    }
    for (std::size_t i = 0; i < source.classes.size(); ++i) {
      if (std::find(labels.begin(), labels.end(), source.classes[i]) == labels.end()) {
        throw DatasetError(DatasetError::Part::classes, i,
                           fmt::format("dataset '{}' has no image of class {}", source.name, source.classes[i]),
                           classes_there_are(labels));
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
