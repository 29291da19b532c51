#include "data/selected_images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "data/selection.hpp"

namespace latentgrid {

SelectedImages::SelectedImages(const DatasetSource& source) {
  const OpenImages images = open_images(source);
  std::int64_t first = 0;
  for (std::size_t i = 0; i < images.files.size(); ++i) {
    files_.push_back({!source.images.empty() ? source.images[i] : source.synthetic ? std::filesystem::path() : source.features.front(), images.files[i].count()});
    first_.push_back(first);
    first += images.files[i].count();
  }
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

std::string SelectedImages::file_name(std::size_t file) const {
  const std::filesystem::path& path = files_.at(file).path;
  const auto of_this_name = std::count_if(files_.begin(), files_.end(), [&](const File& other) {
    return other.path.filename() == path.filename();
  });
  return of_this_name > 1 ? path.string() : path.filename().string();
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

SelectedImages unchanged_images(const DatasetSource& source, const Json& identity, DigestCache& digests) {
  if (!identity.is_null() && image_identity(source, digests) != identity) {
    throw Error(fmt::format(
        "the images of data set '{}' are not those that the job was run on, so nothing tells which image is which\n"
        "  hint: put the old files back, or run the sweep again on the new ones",
        source.name));
  }
  return SelectedImages(source);
}

}  // namespace latentgrid
