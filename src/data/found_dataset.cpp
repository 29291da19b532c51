#include "data/found_dataset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/hinted_error.hpp"
#include "base/text.hpp"
#include "data/array_input.hpp"
#include "data/formats.hpp"
#include "data/open_input.hpp"
#include "data/picture_folder.hpp"
#include "data/text_table.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t largest_side = 64;  // of images that are taken as they are
constexpr std::int64_t resized_side = 32;

struct Candidates {
  std::vector<std::unique_ptr<ImageSource>> images;
  std::vector<fs::path> others;  // perhaps of labels
};

std::vector<fs::path> entries_in(const fs::path& folder, bool folders) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code none;
    if (entry->path().filename().string().starts_with('.')) continue;
    if (folders ? entry->is_directory(none) : entry->is_regular_file(none)) paths.push_back(entry->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Files by their names, arrays of archives one by one.
std::vector<fs::path> names_in(const fs::path& folder) {
  std::vector<fs::path> names;
  for (const fs::path& path : entries_in(folder, false)) {
    const FoundFile found = find_file(path);
    if (found.content.kind != FileKind::npz) {
      names.push_back(path);
      continue;
    }
    for (const std::string& member : found.content.names) names.emplace_back(path.string() + ":" + member);
  }
  return names;
}

Candidates candidates_in(const fs::path& folder) {
  Candidates found;
  for (const fs::path& name : names_in(folder)) {
    try {
      found.images.push_back(open_image_source(name));
    } catch (const Error&) {
      found.others.push_back(name);
    }
  }
  if (!found.images.empty() || !holds_pictures(folder)) return found;
  try {
    found.images.push_back(open_image_source(folder));
  } catch (const Error&) {
    for (const fs::path& inner : entries_in(folder, true)) {  // train, test
      if (holds_pictures(inner)) found.images.push_back(open_image_source(inner));
    }
    if (found.images.empty()) throw;
  }
  return found;
}

int rank_of(const fs::path& name) {
  const std::string text = lower_case(name.filename().string());
  for (const char* later : {"test", "val", "t10k", "visual", "extra", "unlabeled"}) {
    if (text.find(later) != std::string::npos) return 0;
  }
  return text.find("train") != std::string::npos ? 2 : 1;
}

// The images to train with: of several files those that bring labels, or else the largest.
std::vector<const ImageSource*> chosen(const std::vector<std::unique_ptr<ImageSource>>& images) {
  int best = 0;
  for (const auto& one : images) best = std::max(best, rank_of(one->name()));
  std::vector<const ImageSource*> kept;
  for (const auto& one : images) {
    if (rank_of(one->name()) == best) kept.push_back(one.get());
  }
  const bool parts = std::all_of(kept.begin(), kept.end(), [&](const ImageSource* one) {
    return one->labelled() && one->file_of(0).empty() && one->shape() == kept.front()->shape();
  });
  if (parts) return kept;
  return {*std::max_element(kept.begin(), kept.end(),
                            [](const ImageSource* a, const ImageSource* b) { return a->count() < b->count(); })};
}

// Of pictures some are looked at, evenly spread.
void prepare(ImageSource& images, FoundDataset& found) {
  Preparation& preparation = found.source.preparation;
  constexpr std::int64_t looked_at = 300;
  if (images.element().kind != 'u' || images.element().bytes != 1) {
    const std::optional<ValueRange> range = images.range();
    preparation.values = range ? likely_values(*range) : std::array{0.0, 65535.0};
  }
  std::set<std::int64_t> heights, widths, channels;
  const std::int64_t step =
      images.file_of(0).empty() ? images.count() : std::max<std::int64_t>(1, images.count() / looked_at);
  for (std::int64_t i = 0; i < images.count(); i += step) {
    const ImageShape shape = images.image(i).shape;
    heights.insert(shape.height);
    widths.insert(shape.width);
    channels.insert(shape.channels);
  }
  if (channels.size() > 1 && *channels.begin() == 1) preparation.channels = 3;
  found.height = *heights.rbegin();
  found.width = *widths.rbegin();
  found.one_size = heights.size() == 1 && widths.size() == 1;
  if (found.one_size && std::max(found.height, found.width) <= largest_side) return;
  if (heights != widths || heights.size() > 1) preparation.center_crop = {0, 0};
  preparation.resize = {resized_side, resized_side};
}

// How much of the names agrees from the beginning: trainY.npy belongs to trainX.npy.
std::size_t alike(const fs::path& a, const fs::path& b) {
  const std::string first = a.filename().string(), second = b.filename().string();
  return static_cast<std::size_t>(std::mismatch(first.begin(), first.end(), second.begin(), second.end()).first -
                                  first.begin());
}

bool fits(const DatasetSource& source, DatasetHeader& header) {
  try {
    header = read_dataset_header(source);
    return header.labelled > 0 && header.classes > 1;
  } catch (const Error&) {
    return false;
  }
}

void find_labels(const std::vector<fs::path>& files, FoundDataset& found) {
  const fs::path& images = found.source.images.empty() ? found.source.features.front() : found.source.images.front();
  std::vector<fs::path> likely = files;
  std::stable_sort(likely.begin(), likely.end(),
                   [&](const fs::path& a, const fs::path& b) { return alike(a, images) > alike(b, images); });
  for (const fs::path& file : likely) {
    DatasetSource with = found.source;
    with.labels = {{file, 0, {}, true}};
    if (!fits(with, found.header)) continue;
    found.source = with;
    return;
  }
  found.header = read_dataset_header(found.source);
}

void find_class_names(const std::vector<fs::path>& files, FoundDataset& found) {
  if (found.header.classes < 2 || !names_in_files(found.source).empty()) return;
  for (const fs::path& file : files) {
    const std::string name = lower_case(file.stem().string());
    if (lower_case(file.extension().string()) != ".txt") continue;
    if (name.find("class") == std::string::npos && name.find("name") == std::string::npos &&
        name.find("label") == std::string::npos)
      continue;
    try {
      const TextTable table = read_text_table(file);
      const bool names = std::ssize(table.rows) == found.header.classes && table.rows[0].size() == 1 &&
                         !is_whole_number(table.rows[0][0]);
      if (names) found.class_names = file;
    } catch (const Error&) {
      // it is no list of names
    }
  }
}

// Rows of an array of floats; 0: it is something else.
std::int64_t rows_of_features(const fs::path& file) {
  try {
    const ArrayInput array = open_array(file, FileRole::features);
    const std::optional<Element> element = array.element();
    const bool vectors = array.shape.size() == 2 && array.shape[1] > 1 && !array.fortran_order && element && element->kind == 'f';
    return vectors ? array.shape[0] : 0;
  } catch (const Error&) {
    return 0;
  }
}

// The file with one row for each of so many images, or, without images (0), the first of those to train with.
void find_features(std::vector<fs::path>& files, std::int64_t images, FoundDataset& found) {
  auto chosen = files.end();
  for (auto file = files.begin(); file != files.end(); ++file) {
    const std::int64_t rows = rows_of_features(*file);
    if (rows == 0 || (images > 0 && rows != images)) continue;
    if (chosen == files.end() || rank_of(*file) > rank_of(*chosen)) chosen = file;
  }
  if (chosen == files.end()) return;
  found.source.features = {*chosen};
  files.erase(chosen);
}

std::optional<FoundDataset> features_in(const fs::path& folder, Candidates& candidates) {
  FoundDataset found;
  find_features(candidates.others, 0, found);
  if (found.source.features.empty()) return std::nullopt;
  found.source.name = folder.filename().string();
  find_labels(candidates.others, found);
  find_class_names(candidates.others, found);
  return found;
}

FoundDataset dataset_of(const fs::path& folder, Candidates& candidates) {
  FoundDataset found;
  const std::vector<const ImageSource*> kept = chosen(candidates.images);
  std::int64_t first = 0;
  for (const auto& one : candidates.images) {
    if (std::find(kept.begin(), kept.end(), one.get()) == kept.end()) {
      found.others.push_back(one->name());
      continue;
    }
    if (found.source.images.empty()) prepare(*one, found);
    found.source.images.push_back(one->name());
    if (one->labelled()) found.source.labels.push_back({one->name(), first, {}, false});
    first += one->count();
  }
  found.source.name = folder.filename().string();
  found.labels_of_images = !found.source.labels.empty();
  find_features(candidates.others, first, found);
  if (found.labels_of_images) {
    found.header = read_dataset_header(found.source);
  } else {
    find_labels(candidates.others, found);
  }
  find_class_names(candidates.others, found);
  return found;
}

}  // namespace

FoundDataset find_dataset(const fs::path& folder) {
  std::vector<fs::path> folders = entries_in(folder, true);
  folders.insert(folders.begin(), folder);
  std::optional<FoundDataset> features;
  for (const fs::path& one : folders) {
    Candidates candidates = candidates_in(one);
    if (!candidates.images.empty()) return dataset_of(one, candidates);
    if (!features) features = features_in(one, candidates);
  }
  if (features) return *features;
  throw HintedError(fmt::format("{} holds no images and no features that can be read", folder.string()),
                    fmt::format("images are read from {}; features are an array of floats, one row for each image",
                                formats_that_hold(FileRole::images)));
}

}  // namespace latentgrid
