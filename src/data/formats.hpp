#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "data/array_input.hpp"
#include "data/file_role.hpp"
#include "data/image_source.hpp"
#include "data/input_name.hpp"
#include "data/what_is.hpp"

namespace latentgrid {

// A file of the user's before it is known which format reads it.
struct FoundFile {
  std::filesystem::path name;  // as written: "x.npz:member"
  InputName input;
  FileContent content;
};

// One way in which images, labels and numbers of images are stored; formats/ has one file for each.
struct Format {
  const char* name;  // "IDX (.gz)", as in "images are read from ..."
  bool (*reads)(const FoundFile&);
  ArrayInput (*array)(const FoundFile&, FileRole) = nullptr;           // either: the file holds one array
  std::unique_ptr<ImageSource> (*images)(const FoundFile&) = nullptr;  // or: it holds images alone
};

FoundFile find_file(const std::filesystem::path& name);
const Format* format_of(const FoundFile& found);  // null: none reads it

// The labels with the names of a text that has one a line, if there is such a file and it names every label.
LabelList named_labels(std::vector<std::int64_t> values, const std::filesystem::path& names);

// ".npy, .npz, IDX (.gz) and text files".
std::string formats_that_hold(FileRole role);

}  // namespace latentgrid
