#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace latentgrid {

// What to do with pictures, one a file: PNG, JPEG and what else Pillow reads.

bool is_picture_name(const std::string& name);

// A picture in the place of all images.
std::string advice_for_picture(const std::filesystem::path& picture);

struct PictureFolder {
  std::string is;  // "is a folder of pictures"
  std::string advice;
};
// Nothing if there are no pictures in it, nor in the folders in it.
std::optional<PictureFolder> picture_folder(const std::filesystem::path& folder);

// The array holds the names of the files; `bytes`: as strings of bytes.
std::string stack_listed_pictures(const std::filesystem::path& array, bool bytes);

}  // namespace latentgrid
