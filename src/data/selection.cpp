#include "data/selection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/hinted_error.hpp"
#include "data/features.hpp"
#include "data/label_file.hpp"
#include "data/open_input.hpp"
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
  throw HintedError(fmt::format("{}{}, but there are only {} images", labels_of(part, count), first, images),
                   "are these the labels of other images? There must be one label for each image, in order");
}

LabelFile values_of(const DatasetSource::Labels& part, std::int64_t images) {
  if (part.counts.empty()) return read_label_file(part.file);
  std::int64_t count = 0;
  for (std::int64_t n : part.counts) count += n;
  check_room(part, count, images);  // before they take memory
  LabelFile file;
  for (std::size_t label = 0; label < part.counts.size(); ++label) {
    file.labels.values.insert(file.labels.values.end(), static_cast<std::size_t>(part.counts[label]), static_cast<std::int64_t>(label));
  }
  return file;
}

void place_label(const DatasetSource::Labels& part, std::int64_t image, std::int64_t label, std::vector<std::int64_t>& labels,
                 std::vector<bool>& taken) {
  if (taken[static_cast<std::size_t>(image)]) {
    throw HintedError(fmt::format("{} labels image {}, which other labels before it have labelled already",
                                  part.counts.empty() ? part.file.string() : "a list of counts", image),
                      "change first_image, which says where the labels begin");
  }
  taken[static_cast<std::size_t>(image)] = true;
  labels[static_cast<std::size_t>(image)] = label;
}

Placed place_labels(const DatasetSource::Labels& part, const LabelList& read, std::vector<std::int64_t>& labels,
                    std::vector<bool>& taken) {
  const auto count = std::ssize(read.values);
  check_room(part, count, std::ssize(labels));
  for (std::int64_t i = 0; i < count; ++i) {
    place_label(part, part.first_image + i, read.values[static_cast<std::size_t>(i)], labels, taken);
  }
  return {part.first_image, count};
}

// The pictures of all files by what a table may call them: "cat/1.png", "1.png" or "1". -1 for what several are called.
std::unordered_map<std::string, std::int64_t> pictures_by_name(const OpenImages& images) {
  std::unordered_map<std::string, std::int64_t> numbers;
  std::int64_t number = 0;
  for (const PreparedImages& file : images.files) {
    for (std::int64_t i = 0; i < file.count(); ++i, ++number) {
      const std::filesystem::path path = file.source().file_of(i);
      std::set<std::string> names{path.string(), path.filename().string(), path.stem().string()};
      for (const std::string& name : names) {
        if (const auto [at, is_new] = numbers.emplace(name, number); !is_new) at->second = -1;
      }
    }
  }
  return numbers;
}

// Labels of a table that names the pictures. Rows of other pictures are passed over.
Placed place_labels_by_name(const DatasetSource::Labels& part, const LabelFile& file, const OpenImages& images,
                            std::vector<std::int64_t>& labels, std::vector<bool>& taken) {
  const auto numbers = pictures_by_name(images);
  for (std::size_t row = 0; row < file.images.size(); ++row) {
    const auto found = numbers.find(file.images[row]);
    if (found == numbers.end()) continue;
    if (found->second < 0) {
      throw HintedError(fmt::format("{} labels {}, but several pictures are called so", part.file.string(), file.images[row]),
                        "write their folders before their names: cat/1.png");
    }
    place_label(part, found->second, file.labels.values[row], labels, taken);
  }
  return {0, std::ssize(taken)};
}

void check_that_all_are_named(const DatasetSource::Labels& last, const OpenImages& images, const std::vector<bool>& taken) {
  const auto missing = std::find(taken.begin(), taken.end(), false);
  if (missing == taken.end() || !last.gapless) return;
  std::int64_t index = missing - taken.begin();
  std::size_t file = 0;
  while (index >= images.files[file].count()) index -= images.files[file++].count();
  throw HintedError(fmt::format("{} has no label for {}", last.file.string(), images.files[file].source().title(index)),
                    "add a row for each picture; a picture without a label has an empty one");
}

// The names of all parts in one order, and the labels numbered by it.
std::vector<std::string> join_names(std::vector<LabelFile>& files) {
  std::set<std::string> all;
  for (const LabelFile& file : files) all.insert(file.labels.names.begin(), file.labels.names.end());
  const std::vector<std::string> names(all.begin(), all.end());
  for (LabelFile& file : files) {
    if (file.labels.names.empty() && !names.empty()) {
      throw HintedError("some labels are names and others are numbers", "give all of them as names, or as numbers");
    }
    if (file.labels.names == names) continue;
    for (std::int64_t& label : file.labels.values) {
      if (label < 0) continue;
      const std::string& name = file.labels.names[static_cast<std::size_t>(label)];
      label = std::lower_bound(names.begin(), names.end(), name) - names.begin();
    }
  }
  return names;
}

// Where the labels may begin that are as many as the images of one file alone; otherwise as before.
std::int64_t likely_first_image(const Placed& placed, const OpenImages& images) {
  std::int64_t first = 0;
  for (const PreparedImages& file : images.files) {
    if (file.count() == placed.count) return first;
    first += file.count();
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
  const Preparation& preparation = source.preparation;
  if (source.synthetic) {
    images.files.emplace_back(std::make_unique<SyntheticImages>(*source.synthetic), preparation);
  } else if (source.images.empty() && !source.features.empty()) {
    images.files.emplace_back(images_without_pixels(source), Preparation());
  } else {
    for (std::size_t i = 0; i < source.images.size(); ++i) {
      blame(DatasetError::Part::images, i, [&] { images.files.emplace_back(open_image_source(source.images[i]), preparation); });
    }
  }
  if (images.files.empty()) throw Error(fmt::format("dataset '{}' names no image file", source.name));
  images.shape = images.files.front().shape();
  for (std::size_t i = 0; i < images.files.size(); ++i) {
    const ImageShape& shape = images.files[i].shape();
    if (shape != images.shape) {
      throw DatasetError(
          DatasetError::Part::images, i,
          fmt::format("{} holds images of {}×{}×{} but {} of {}×{}×{}; the files of a dataset must hold images of one size",
                      source.images[0].string(), images.shape.height, images.shape.width, images.shape.channels,
                      source.images[i].string(), shape.height, shape.width, shape.channels),
          shape.channels == images.shape.channels
              ? fmt::format("bring all images to one size, for example with resize: [{}, {}], or make a sweep of each file",
                            images.shape.height, images.shape.width)
              : "write channels: 3 to make all images RGB, or channels: 1 to make them gray");
    }
    images.count += images.files[i].count();
  }
  return images;
}

LabelList read_labels(const DatasetSource& source, const OpenImages& images) {
  if (source.synthetic) return {synthetic_labels(*source.synthetic), {}};
  if (source.labels.empty()) return {};
  LabelList all{std::vector<std::int64_t>(static_cast<std::size_t>(images.count), -1), {}};
  std::vector<LabelFile> files;
  for (std::size_t i = 0; i < source.labels.size(); ++i) {
    files.push_back(blame(DatasetError::Part::labels, i, [&] { return values_of(source.labels[i], images.count); }));
  }
  blame(DatasetError::Part::labels, 0, [&] { all.names = join_names(files); });
  std::vector<bool> taken(all.values.size());
  std::vector<Placed> placed;
  const bool pictures = !images.files.front().source().file_of(0).empty();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const DatasetSource::Labels& part = source.labels[i];
    placed.push_back(blame(DatasetError::Part::labels, i, [&] {
      if (pictures && !files[i].images.empty()) {
        const Placed by_name = place_labels_by_name(part, files[i], images, all.values, taken);
        if (i + 1 == files.size()) check_that_all_are_named(part, images, taken);
        return by_name;
      }
      check_rows_are_in_order(files[i], part.file);
      return place_labels(part, files[i].labels, all.values, taken);
    }));
  }
  check_gapless(source, placed, images);
  return all;
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

void visit_images(OpenImages& images, const std::vector<std::int64_t>& selection, const ReadProgress& progress,
                  const std::function<void(std::span<const std::uint8_t>)>& visit) {
  constexpr std::int64_t told_every = 500;
  std::size_t file = 0;
  std::int64_t first = 0, done = 0;  // of `file`, counted over all files
  for (std::int64_t index : selection) {
    while (index - first >= images.files[file].count()) first += images.files[file++].count();
    visit(blame(DatasetError::Part::images, file, [&] { return images.files[file].image(index - first); }));
    if (progress && ++done % told_every == 0) progress(done, std::ssize(selection));
  }
}

}  // namespace latentgrid
