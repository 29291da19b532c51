#include "data/open_input.hpp"

#include "data/array_images.hpp"
#include "data/file_advice.hpp"
#include "data/formats.hpp"

namespace latentgrid {

std::unique_ptr<ImageSource> open_image_source(const std::filesystem::path& name) {
  const FoundFile found = find_file(name);
  const Format* format = format_of(found);
  if (!format) refuse(found.input.file, found.content, FileRole::images);
  return format->images ? format->images(found) : images_in_array(name, format->array(found, FileRole::images));
}

ArrayInput open_array(const std::filesystem::path& name, FileRole role) {
  const FoundFile found = find_file(name);
  const Format* format = format_of(found);
  if (!format || !format->array) refuse(found.input.file, found.content, role);
  return format->array(found, role);
}

}  // namespace latentgrid
