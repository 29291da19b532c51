#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/dataset_section.hpp"

namespace latentgrid {

// The files of a --data folder that take the place of a dataset's.
struct FolderFiles {
  std::string name;                           // of the dataset
  std::vector<std::filesystem::path> images;  // with labels of the last of them alone, if there are two
  std::filesystem::path labels;               // of the last image file; empty: there are none
};

// Reports a folder or images that are missing, with what is there instead, and then returns nothing.
std::optional<FolderFiles> files_of_folder(const std::filesystem::path& folder, DataFolder files,
                                           const SourcePosition& option, Reader& reader);

}  // namespace latentgrid
