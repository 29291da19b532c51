#include "spec/dataset_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/hinted_error.hpp"
#include "data/file_advice.hpp"
#include "data/image_source.hpp"
#include "data/open_input.hpp"
#include "spec/class_names.hpp"
#include "spec/data_folder.hpp"
#include "spec/file_names.hpp"
#include "spec/preparation.hpp"
#include "spec/synthetic_section.hpp"

namespace latentgrid {

namespace {

namespace fs = std::filesystem;

class DatasetReader {
 public:
  DatasetReader(const fs::path& folder, Sweep& sweep, Reader& reader, DataFolder files)
      : folder_(folder), files_(files), where_(sweep.dataset_where), unread_(sweep.unread), reader_(reader) {}

  DatasetSource read(const YamlNode& node, const std::optional<fs::path>& data) {
    DatasetSource source;
    const std::size_t errors_before = reader_.errors();
    const bool usable = !reader_.fails([&] {
      const std::string meant = node.is_scalar() ? fmt::format("write dataset: {{images: {}}}", node.text) : "";
      if (!reader_.expect_map(node, "dataset", meant)) return;
      reader_.check_keys(node, dataset_keys(), "dataset");
    });
    if (!usable) unread_.add(Part::images, false);  // an unknown key may be any of them
    if (!node.is_map()) return source;
    if (reader_.fails([&] { read_preparation(node, source.preparation, reader_); })) unread_.add(Part::images, false);
    if (data) {
      if (reader_.fails([&] { replace_files(node, source, *data); })) unread_.add(Part::images, false);
    } else {
      read_files(node, source);
    }
    read_selection(node, source);
    if (auto* entry = written(node, "split")) source.split = split(entry->value);
    if (data) check_what_was_written_for_other_images(source, *data);
    const bool whole = reader_.errors() == errors_before;
    if (auto* entry = written(node, "class_names")) {
      const ClassNamesContext context = {source, folder_, classes_ascend_, data.has_value(), whole};
      source.class_names = read_class_names(entry->value, context, reader_);
    } else if (whole) {
      source.class_names = names_of_the_files(source);
    }
    return source;
  }

 private:
  using Part = DatasetError::Part;

  // An empty value is as good as none, so that --set dataset.limit=null takes a limit away.
  static const YamlEntry* written(const YamlNode& node, const char* key) {
    const YamlEntry* entry = node.find(key);
    return entry && !entry->value.is_null() ? entry : nullptr;
  }

  void read_files(const YamlNode& node, DatasetSource& source) {
    const YamlEntry* images = written(node, "images");
    const YamlEntry* label_files = written(node, "labels");
    const YamlEntry* generated = written(node, "synthetic");
    const YamlEntry* features = written(node, "features");
    const bool images_fail = reader_.fails([&] {
      if (generated && (images || label_files)) {
        reader_.error(generated->key_where, "a synthetic dataset has no files of images or labels", "remove synthetic, or images and labels");
      }
      if (!generated && !images && !features) {
        reader_.missing(node, "images", "the dataset has neither images nor synthetic",
                        "for example images: trainX.npy, or the name of a folder of pictures");
      }
      if (generated) source.synthetic = read_synthetic(generated->value, reader_);
      if (images) source.images = files(images->value, FileRole::images, Part::images);
      if (images) image_files_ = items_of(images->value).size();
      if (features) source.features = files(features->value, FileRole::features, Part::features);
    });
    if (images_fail) unread_.add(Part::images, false);
    if (label_files && reader_.fails([&] { source.labels = labels(label_files->value, source); })) {
      unread_.add(Part::labels, written(node, "classes"));
    }
    if (images && !images_fail && !label_files) add_labels_of_images(source);
    if (auto* entry = written(node, "name")) source.name = reader_.text(entry->value, "name").value_or("");
    if (source.name.empty()) source.name = default_name(source);
  }

  // Folders of classes and some formats bring labels. What is wrong with the files is said where they are read.
  void add_labels_of_images(DatasetSource& source) {
    try {
      std::int64_t first = 0;
      for (std::size_t i = 0; i < source.images.size(); ++i) {
        const std::unique_ptr<ImageSource> images = open_image_source(source.images[i]);
        if (images->labelled()) {
          where_.parts[{Part::labels, source.labels.size()}] = where_.parts[{Part::images, i}];
          source.labels.push_back({source.images[i], first, {}, false});
        }
        first += images->count();
      }
    } catch (const Error&) {
      source.labels.clear();
    }
  }

  static std::vector<std::string> names_of_the_files(const DatasetSource& source) {
    try {
      if (!source.labels.empty()) return names_in_files(source);
    } catch (const Error&) {
      // the labels cannot be read, which is said where they are needed
    }
    return {};
  }

  void read_selection(const YamlNode& node, DatasetSource& source) {
    const bool selection_fails = reader_.fails([&] {
      if (auto* entry = written(node, "classes")) source.classes = classes(entry->value, source);
      if (auto* entry = written(node, "limit")) {
        source.limit = reader_.integer(entry->value, "limit", 1);
        where_.limit = entry->value.where;
      }
    });
    if (selection_fails) unread_.add(Part::classes, false);
    if (auto* entry = written(node, "range")) source.range = range(*entry);
    const YamlEntry* padding = written(node, "pad_to");
    if (!padding) return;
    where_.parts[{Part::pad_to, 0}] = padding->value.where;
    source.pad_to = read_size(padding->value, "pad_to", reader_);
    if (!source.pad_to) unread_.add(Part::pad_to, false);
  }

  static std::string default_name(const DatasetSource& source) {
    if (source.images.empty() && source.features.empty()) return "synthetic";
    std::string name = (source.images.empty() ? source.features : source.images).front().filename().string();
    return name.substr(0, name.find('.'));
  }

  std::optional<fs::path> file(const YamlNode& node, FileRole role) {
    auto written = reader_.text(node, "a file name");
    return written ? existing_file(*written, folder_, role, node.where, reader_) : std::nullopt;
  }

  // Of the images, or of features.
  std::vector<fs::path> files(const YamlNode& node, FileRole role, Part part) {
    const char* const what = words(role).plural;
    std::vector<fs::path> paths;
    for (const YamlNode* item : items_of(node)) {
      auto path = file(*item, role);
      if (!path) continue;
      if (std::find(paths.begin(), paths.end(), *path) != paths.end()) {
        reader_.warning(item->where, fmt::format("{} is listed twice: each of its {} counts twice", path->filename().string(), what),
                        "remove it, unless that is what you want");
      }
      where_.parts[{part, paths.size()}] = item->where;
      paths.push_back(std::move(*path));
    }
    if (items_of(node).empty()) {
      reader_.error(node.where, fmt::format("{} expects a file or a list of files", what),
                    role == FileRole::images ? "for example images: trainX.npy" : "for example features: dino.npy");
    }
    return paths;
  }

  // A plain list of labels files runs beside the list of image files; maps say themselves where their labels begin.
  std::vector<DatasetSource::Labels> labels(const YamlNode& node, const DatasetSource& source) {
    std::vector<DatasetSource::Labels> all;
    auto items = items_of(node);
    bool plain = std::none_of(items.begin(), items.end(), [](const YamlNode* item) { return item->is_map(); });
    if (plain && items.size() > 1 && items.size() != image_files_) {
      reader_.error(node.where, fmt::format("{} labels files for {} image files", items.size(), image_files_),
                    "write {file: ..., first_image: ...} to say which images they belong to");
      return all;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      const YamlEntry* placed = items[i]->find("file");
      if (!placed) placed = items[i]->find("counts");
      where_.parts[{Part::labels, all.size()}] = placed ? placed->value.where : items[i]->where;
      if (items[i]->is_map()) {
        if (auto entry = placed_labels(*items[i])) all.push_back(*entry);
      } else if (auto path = file(*items[i], FileRole::labels)) {
        all.push_back({*path, images_before(source, i), {}, true});
      }
    }
    return all;
  }

  std::optional<DatasetSource::Labels> placed_labels(const YamlNode& node) {
    reader_.check_keys(node, {"file", "counts", "first_image"}, "labels");
    const YamlEntry *path = node.find("file"), *numbers = node.find("counts");
    if (!path == !numbers) {
      reader_.error(node.where, "labels need a file, or counts",
                    "counts: [2500, 2500] says that 2500 images of class 0 come first, then 2500 of class 1");
      return std::nullopt;
    }
    DatasetSource::Labels labels;
    const bool wrong = reader_.fails([&] {
      if (path) labels.file = file(path->value, FileRole::labels).value_or("");
      if (numbers) labels.counts = counts(numbers->value);
      labels.gapless = !node.find("first_image");
      if (auto* entry = node.find("first_image")) {
        labels.first_image = reader_.integer(entry->value, "first_image", 0).value_or(0);
      }
    });
    if (wrong) return std::nullopt;
    return labels;
  }

  std::vector<std::int64_t> counts(const YamlNode& node) {
    std::vector<std::int64_t> all;
    for (const YamlNode* item : items_of(node)) {
      if (auto count = reader_.integer(*item, "counts", 0, 100'000'000)) all.push_back(*count);
    }
    if (all.empty()) reader_.error(node.where, "counts expects how many images there are of class 0, 1, ...", "for example counts: [2500, 2500]");
    return all;
  }

  std::int64_t images_before(const DatasetSource& source, std::size_t file_index) {
    if (file_index == 0 || source.images.size() < file_index) return 0;
    DatasetSource before;
    before.preparation = source.preparation;
    before.images.assign(source.images.begin(), source.images.begin() + static_cast<std::ptrdiff_t>(file_index));
    try {
      return read_dataset_header(before).images;
    } catch (const DatasetError& problem) {
      reader_.error(where_.of(problem), problem.what(), problem.hint());
      return 0;
    }
  }

  std::vector<std::int64_t> classes(const YamlNode& node, const DatasetSource& source) {
    std::map<std::int64_t, SourcePosition> chosen;
    if (source.labels.empty() && !source.synthetic && reader_.errors() == 0) {
      reader_.error(node.where, "classes can only be chosen where there are labels", "add labels to the dataset, or remove classes");
    }
    const std::vector<std::string> names = names_of_the_files(source);
    for (const YamlNode* item : items_of(node)) {
      const auto value = a_class(*item, source, names);
      if (!value) continue;
      classes_ascend_ = classes_ascend_ && (chosen.empty() || *value > chosen.rbegin()->first);
      if (!chosen.emplace(*value, item->where).second) {
        reader_.error(item->where, fmt::format("class {} is listed twice", *value), "remove one of them");
      }
    }
    std::vector<std::int64_t> ascending;
    for (const auto& [value, where] : chosen) {
      where_.parts[{Part::classes, ascending.size()}] = where;
      ascending.push_back(value);
    }
    return ascending;
  }

  // What the files call a class, or its number.
  std::optional<std::int64_t> a_class(const YamlNode& node, const DatasetSource& source, const std::vector<std::string>& names) {
    if (names.empty() || !node.is_scalar()) return reader_.integer(node, "a class", 0);
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (found != names.end()) return class_values(source)[static_cast<std::size_t>(found - names.begin())];
    if (!node.text.empty() && node.text.find_first_not_of("0123456789") == std::string::npos) return reader_.integer(node, "a class", 0);
    reader_.unknown(node.where, "class", node.text, names);
    return std::nullopt;
  }

  PixelRange range(const YamlEntry& entry) {
    const auto items = items_of(entry.value);
    if (files_ == DataFolder::visualization) {
      reader_.error(entry.key_where, "the images of a figure are scaled as those of the sweep",
                    "remove range here; it belongs to the sweep's own dataset");
      return PixelRange::minus_one_to_one;
    }
    std::vector<double> ends;
    const bool failed = reader_.fails([&] {
      for (const YamlNode* item : items) ends.push_back(reader_.real(*item, "range", -1e9, 1e9).value_or(0));
    });
    if (ends == std::vector<double>{0, 1}) return PixelRange::zero_to_one;
    if (!failed && ends != std::vector<double>{-1, 1}) {
      reader_.error(entry.value.where, fmt::format("range expects [-1, 1] or [0, 1], got {}", shown(entry.value)),
                    "the floats that the bytes 0 and 255 become; [-1, 1] unless said otherwise");
    }
    return PixelRange::minus_one_to_one;
  }

  DatasetSource::Split split(const YamlNode& node) {
    DatasetSource::Split split;
    split.written = true;
    where_.parts[{Part::public_indices, 0}] = node.where;
    if (!reader_.expect_map(node, "split")) return split;
    reader_.check_keys(node, {"public_fraction", "seed", "public_indices"}, "split");
    if (auto* entry = node.find("public_fraction")) {
      split.public_fraction = reader_.real(entry->value, "public_fraction", 0, 1).value_or(0.5);
    }
    if (auto* entry = node.find("seed")) split.seed = reader_.integer(entry->value, "seed", 0).value_or(0);
    if (auto* entry = node.find("public_indices")) {
      if (auto path = file(entry->value, FileRole::indices)) split.public_indices = *path;
      where_.parts[{Part::public_indices, 0}] = entry->value.where;
      if (node.entries.size() > 1) {
        reader_.error(entry->key_where, "public_indices says which images are public: no fraction or seed beside it");
      }
    }
    return split;
  }

  void replace_files(const YamlNode& node, DatasetSource& source, const fs::path& data) {
    const SourcePosition option = option_position(data);
    where_.parts[{Part::images, 0}] = where_.parts[{Part::images, 1}] = where_.parts[{Part::labels, 0}] = option;
    const std::optional<FolderFiles> found = files_of_folder(data, files_, option, reader_);
    if (!found) return;
    source.images = found->images;
    source.name = found->name;
    if (!found->labels.empty()) {
      source.labels = {{found->labels, images_before(source, source.images.size() - 1), {}, true}};
    } else if (files_ == DataFolder::visualization) {
      keep_counts_of_visualization(node, source, option);
    }
  }

  // Counts that the sweep file gives for its own visualization.npy hold for the folder's, if there are as many images. Labels
  // are never made up otherwise: a map without them has one colour.
  void keep_counts_of_visualization(const YamlNode& node, DatasetSource& source, const SourcePosition& option) {
    const YamlEntry *images = written(node, "images"), *label_entry = written(node, "labels");
    if (!images || !images->value.is_scalar() || !label_entry || !label_entry->value.find("counts")) return;
    if (fs::path(images->value.text).filename() != source.images[0].filename()) return;
    const std::optional<DatasetSource::Labels> labels = placed_labels(label_entry->value);
    if (!labels) return;
    std::int64_t end = labels->first_image;
    for (std::int64_t count : labels->counts) end += count;
    const std::int64_t count = images_before(source, 1);
    if (labels->gapless ? end == count : end <= count) {
      source.labels = {*labels};
    } else if (count > 0) {
      reader_.warning(option,
                      fmt::format("the counts of labels in the sweep file are of {} images, but {} holds {}: the map has no "
                                  "classes",
                                  end, source.images[0].string(), count),
                      "save the labels beside it as visualizationY.npy");
    }
  }

  void check_what_was_written_for_other_images(DatasetSource& source, const fs::path& data) {
    drop_limit_that_loses_labels(source, data);
    if (source.split.public_indices.empty() || files_ != DataFolder::training) return;
    const SourcePosition& indices = where_.parts[{Part::public_indices, 0}];
    if (!in_file(indices)) return;
    reader_.warning(indices, "public_indices was written for other images, and is now applied to those of --data",
                    "--set dataset.split.public_indices=FILE names those of the new images");
  }

  // The limit was written for other files; where only the last images have labels it would leave none.
  void drop_limit_that_loses_labels(DatasetSource& source, const fs::path& data) {
    if (!source.limit || source.labels.empty() || source.labels[0].first_image < *source.limit) return;
    reader_.warning(
        option_position(data),
        fmt::format("limit {} is ignored: it would leave no labelled image (the first label belongs to image {})",
                    *source.limit, source.labels[0].first_image));
    source.limit.reset();
  }

  static SourcePosition option_position(const fs::path& data) { return {"--data " + data.string(), 0, 0}; }

  fs::path folder_;
  DataFolder files_;
  DatasetPositions& where_;
  Unread& unread_;
  Reader& reader_;
  bool classes_ascend_ = true;
  std::size_t image_files_ = 0;  // as written; some may be missing
};

}  // namespace

const std::vector<std::string>& dataset_keys() {
  static const std::vector<std::string> keys = {"name",   "images", "features", "labels",      "classes", "class_names", "limit",    "values",
                                                "channels", "center_crop", "resize", "pad_to",  "range",       "split", "synthetic"};
  return keys;
}

void read_dataset(const YamlNode& node, const fs::path& folder, const std::optional<fs::path>& data, Sweep& sweep,
                  Reader& reader, DataFolder files) {
  sweep.dataset = DatasetReader(folder, sweep, reader, files).read(node, data);
}

}  // namespace latentgrid
