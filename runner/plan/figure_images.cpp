#include "plan/figure_images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "data/dataset.hpp"
#include "data/selected_images.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_classes_shown = 10;
constexpr std::size_t images_without_labels = 4;

std::vector<std::int64_t> first_of_each_class(const std::vector<std::int32_t>& labels) {
  std::vector<std::int64_t> images;
  std::set<std::int32_t> seen;
  for (std::size_t i = 0; i < labels.size() && images.size() < most_classes_shown; ++i) {
    if (labels[i] >= 0 && seen.insert(labels[i]).second) images.push_back(static_cast<std::int64_t>(i));
  }
  return images;
}

std::vector<std::int64_t> positions_of(const std::vector<std::int64_t>& numbers, const Sweep& sweep, const SourcePosition& where,
                                       Diagnostics& diagnostics) {
  const SelectedImages images(sweep.dataset);
  std::int64_t count = 0;
  for (const SelectedImages::File& file : images.files()) count += file.images;
  if (const std::int64_t largest = *std::ranges::max_element(numbers); largest >= count) {
    diagnostics.error(where, fmt::format("there is no image {}: the dataset has {} images", largest, count),
                      fmt::format("images are counted from 0 to {}", count - 1));
    return {};
  }
  std::vector<std::int64_t> positions;
  for (const std::int64_t number : numbers) {
    if (const auto position = images.position_of(number)) {
      positions.push_back(static_cast<std::int64_t>(*position));
    } else {
      diagnostics.error(where, fmt::format("the data set does not select image {}", number),
                        "images are counted from 0 over all image files; `classes` and `limit` select among them");
      return {};
    }
  }
  return positions;
}

}  // namespace

std::vector<std::int64_t> shown_images(const Sweep& sweep, const FigureRequest& figure, Diagnostics& diagnostics) {
  if (!figure.images.empty()) {
    std::vector<std::int64_t> numbers = figure.images;
    std::sort(numbers.begin(), numbers.end());
    return positions_of(numbers, sweep, figure.images_where, diagnostics);
  }
  const std::vector<std::int32_t> labels = load_labels(sweep.dataset);
  std::vector<std::int64_t> images = first_of_each_class(labels);
  if (!images.empty()) return images;
  for (std::size_t i = 0; i < std::min(images_without_labels, labels.size()); ++i) images.push_back(static_cast<std::int64_t>(i));
  return images;
}

std::vector<std::array<std::int64_t, 2>> shown_pairs(const Sweep& sweep, const FigureRequest& figure, Diagnostics& diagnostics) {
  std::vector<std::array<std::int64_t, 2>> pairs;
  std::vector<std::int64_t> ends;
  if (!figure.images.empty()) {
    ends = positions_of(figure.images, sweep, figure.images_where, diagnostics);
  } else {
    const std::vector<std::int32_t> labels = load_labels(sweep.dataset);
    ends = first_of_each_class(labels);
    if (ends.size() < 2) {
      ends.clear();
      const std::size_t half = labels.size() / 2;
      for (std::size_t i = 0; i < std::min(images_without_labels, half); ++i) {
        ends.insert(ends.end(), {static_cast<std::int64_t>(i), static_cast<std::int64_t>(i + half)});
      }
    }
    if (ends.size() % 2 != 0) ends.push_back(ends.front());
  }
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2) pairs.push_back({ends[i], ends[i + 1]});
  return pairs;
}

}  // namespace latentgrid
