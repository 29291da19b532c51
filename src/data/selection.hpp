#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "data/dataset.hpp"

namespace latentgrid {

// What `action` returns; an Error becomes one about this part.
template <typename Action>
auto blame(DatasetError::Part part, std::size_t index, Action&& action) {
  try {
    return action();
  } catch (const DatasetError&) {
    throw;
  } catch (const Error& error) {
    throw DatasetError(part, index, error.what(), hint_of(error));
  }
}

// Images of all files in order, opened and checked to have one size; reads headers only.
struct OpenImages {
  std::vector<PreparedImages> files;
  std::int64_t count = 0;  // in all files
  ImageShape shape;        // of one image, before padding
};

OpenImages open_images(const DatasetSource& source);

// One label for each image of all files, as written; -1 where there is none. Empty if the source has no labels. Labels that are
// names are numbered from 0 in the order of all their names.
LabelList read_labels(const DatasetSource& source, const OpenImages& images);

// Ascending indices over all files: the images of the chosen classes, then the first `limit` of them. Throws
// DatasetError if a chosen class has no image.
std::vector<std::int64_t> select_images(const DatasetSource& source, const std::vector<std::int64_t>& labels,
                                        std::int64_t images);

// Calls `visit` with the pixels of each selected image, in order.
void visit_images(OpenImages& images, const std::vector<std::int64_t>& selection,
                  const ReadProgress& progress, const std::function<void(std::span<const std::uint8_t>)>& visit);

}  // namespace latentgrid
