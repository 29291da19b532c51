#include "data/selected_images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <span>
#include <utility>

#include "base/key.hpp"
#include "data/selection.hpp"

namespace latentgrid {

namespace {

// The end of each path that no other has: "valX.npy"; "a/valX.npy" and "b/valX.npy".
std::vector<std::string> distinguishing_names(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> names;
  auto end_of = [](const std::filesystem::path& path, std::ptrdiff_t parts) {
    std::filesystem::path end;
    const std::ptrdiff_t all = std::distance(path.begin(), path.end());
    for (auto part = std::next(path.begin(), std::max<std::ptrdiff_t>(0, all - parts)); part != path.end(); ++part) end /= *part;
    return end;
  };
  for (const std::filesystem::path& path : paths) {
    std::ptrdiff_t parts = 1;
    auto is_shared = [&](const std::filesystem::path& other) { return other != path && end_of(other, parts) == end_of(path, parts); };
    while (std::any_of(paths.begin(), paths.end(), is_shared)) ++parts;
    names.push_back(end_of(path, parts).string());
  }
  return names;
}

std::vector<std::string> names_of_files(const DatasetSource& source) {
  if (source.synthetic) return {""};
  return distinguishing_names(source.images.empty() ? std::vector{source.features.front()} : source.images);
}

}  // namespace

SelectedImages::SelectedImages(const DatasetSource& source) {
  const OpenImages images = open_images(source);
  const std::vector<std::string> names = names_of_files(source);
  for (std::size_t i = 0; i < images.files.size(); ++i) add_file({names[i], images.files[i].count()});
  std::vector<std::int64_t> labels;
  if (!source.classes.empty()) labels = read_labels(source, images).values;
  numbers_ = select_images(source, labels, images.count);
  const bool pictures = !images.files.front().source().file_of(0).empty();
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    const Place at = place(i);
    ++files_[at.file].selected;
    if (pictures) pictures_.push_back(images.files[at.file].source().file_of(at.number));
  }
}

SelectedImages::SelectedImages(const Json& json, std::vector<std::int64_t> numbers)
    : numbers_(std::move(numbers)), pictures_(json.at("pictures").get<std::vector<std::string>>()) {
  for (const Json& file : json.at("files")) add_file({file.at("name"), file.at("images"), file.at("selected")});
}

void SelectedImages::add_file(File file) {
  first_.push_back(files_.empty() ? 0 : first_.back() + files_.back().images);
  files_.push_back(std::move(file));
}

Json SelectedImages::to_json() const {
  Json files = Json::array();
  for (const File& file : files_) files.push_back({{"name", file.name}, {"images", file.images}, {"selected", file.selected}});
  return {{"files", std::move(files)}, {"pictures", pictures_}};
}

Json SelectedImages::identity() const {
  Sha256 digest;
  digest.update(std::as_bytes(std::span(numbers_)));
  for (const std::string& picture : pictures_) digest.update(picture + "\n");
  return {{"files", to_json().at("files")}, {"sha256", digest.hex()}};
}

SelectedImages::Place SelectedImages::place(std::size_t position) const {
  const std::int64_t number = numbers_.at(position);
  // The last file that begins at or before it; one without images begins where the next does.
  const auto after = std::upper_bound(first_.begin(), first_.end(), number);
  const auto file = static_cast<std::size_t>(after - first_.begin()) - 1;
  return {file, number - first_[file]};
}

std::optional<std::size_t> SelectedImages::position_of(std::int64_t number_over_all) const {
  const auto found = std::lower_bound(numbers_.begin(), numbers_.end(), number_over_all);
  if (found == numbers_.end() || *found != number_over_all) return std::nullopt;
  return static_cast<std::size_t>(found - numbers_.begin());
}

std::string SelectedImages::name_of_file(std::size_t position) const {
  const std::string file = file_name(place(position).file);
  return pictures() ? file + "/" + pictures_[position] : file;
}

std::string SelectedImages::title(std::size_t position) const {
  if (pictures()) return name_of_file(position);
  const Place at = place(position);
  return files_.size() > 1 ? fmt::format("image {} of {}", at.number, file_name(at.file))
                           : fmt::format("image {}", at.number);
}

}  // namespace latentgrid
