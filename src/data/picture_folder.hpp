#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace latentgrid {

// The pictures of a folder, as torchvision's ImageFolder has them: each folder in it that holds pictures is a class,
// and classes and the names of files are sorted by their bytes. A folder without such folders has no classes; where the
// names of its pictures are numbers, they go by these, 9.png before 10.png. What begins with a dot is passed over, and
// so are files that are not called like pictures.
struct PictureFolder {
  std::vector<std::string> classes;
  std::vector<std::string> files;    // relative to the folder: "cat/1.png"
  std::vector<std::int64_t> labels;  // by file, of `classes`; empty without classes
};

// Throws HintedError where it is not clear what is meant: pictures beside folders of pictures, or classes two folders
// deep.
PictureFolder list_pictures(const std::filesystem::path& folder);

// Whether list_pictures() would find any, or say why not; looks no further than the first.
bool holds_pictures(const std::filesystem::path& folder);

}  // namespace latentgrid
